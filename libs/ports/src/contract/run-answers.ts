/** An idempotency key for a request of the fleet. */
export const key = (name: string, fingerprint = 'f') => ({ idempotency: { key: name, fingerprint } });

// Answers of a RunStore that several of its suites expect.
export const UNKNOWN = { outcome: 'refused', because: 'unknown' };
export const MISMATCH = { outcome: 'refused', because: 'idempotency_mismatch' };
export const CHANGED = { outcome: 'refused', because: 'changed' };
export const REPEATED = { outcome: 'repeated', attempt: 1, runAttempt: 1 };
