import { randomUUID } from 'node:crypto';
import type { AddressedStepEvent, RunManifest, StepEventStatus } from '@loom/domain';

/** A manifest of a run that no other test knows. */
export function manifest(change: Partial<RunManifest> = {}): RunManifest {
  const candidate = { id: randomUUID() };
  return {
    runId: `engine__${candidate.id}`,
    migrationId: 'engine',
    candidate,
    steps: [{ name: 'one', migratorApp: 'app' }],
    inputs: {},
    runAttempt: 1,
    nonce: 'nonce',
    reservedAt: '2026-01-01T00:00:00.000Z',
    ...change,
  };
}

/** The message that makes the test workflow return, fail, or continue as new. */
export function event(status: StepEventStatus): { signal: 'stepEvent'; payload: AddressedStepEvent } {
  return {
    signal: 'stepEvent',
    payload: { stepName: 'one', candidateId: 'c', status, runAttempt: 1, stepIndex: 0, attempt: 1 },
  };
}
