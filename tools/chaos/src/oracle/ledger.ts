/** One POST to /dispatch-step, as it came. `at`: ms since the epoch, of the migrator's process. */
export interface LedgerPost {
  kind: 'post';
  at: number;
  runId: string;
  candidateId: string;
  runAttempt: number;
  stepIndex: number;
  stepName: string;
  attempt: number;
  /** The Idempotency-Key. */
  key: string;
  /** Of the whole body. */
  digest: string;
  callbackId: string;
}

/** The dispatch was answered, whether or not somebody was left to hear it. */
interface LedgerAnswer {
  kind: 'answered';
  at: number;
  key: string;
}

/** A report was sent and answered: 0 where no answer came. */
export interface LedgerReport {
  kind: 'report';
  at: number;
  /** When it was sent. */
  sentAt: number;
  key: string;
  /** What it said; `stray` ones are expected to change nothing. */
  said: string;
  stray: boolean;
  status: number;
}

/** What the test migrator wrote down, in order, and never changes. */
export type LedgerEntry = LedgerPost | LedgerAnswer | LedgerReport;

/** Reads the migrator's file: one entry a line. A last line that a kill cut off is left out. */
export function parseLedger(text: string): LedgerEntry[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LedgerEntry);
}

/** The key that the contract prescribes for a step attempt. */
export function keyOf(runId: string, runAttempt: number, stepIndex: number, attempt: number): string {
  return [runId, runAttempt, stepIndex, attempt].join('/');
}
