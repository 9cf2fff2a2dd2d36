import { EventEmitter, once } from 'node:events';
import type { CancelStepNotice, DispatchOutcome, DispatchRequest, MigratorNotifier } from '@loom/ports';

type Reaction = (request: DispatchRequest, signal: AbortSignal) => Promise<DispatchOutcome>;

/** A migrator inside the test: every POST is recorded, and answered as the test says. */
export class ScriptedMigrator implements MigratorNotifier {
  readonly dispatched: DispatchRequest[] = [];
  readonly cancelled: CancelStepNotice[] = [];
  private readonly arrivals = new EventEmitter();
  private hangs = false;

  constructor(private react: Reaction = () => Promise.resolve({ outcome: 'accepted' })) {}

  /** From now on dispatches are answered like this. */
  answer(react: Reaction): void {
    this.react = react;
  }

  async dispatch(request: DispatchRequest, { signal }: { signal: AbortSignal }): Promise<DispatchOutcome> {
    this.dispatched.push(request);
    this.arrivals.emit('dispatch');
    return await this.react(request, signal);
  }

  /** From now on it takes each cancel, and answers none. */
  hangOnCancel(): void {
    this.hangs = true;
  }

  async cancelStep(
    notice: CancelStepNotice,
    { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  ): Promise<DispatchOutcome> {
    this.cancelled.push(notice);
    this.arrivals.emit('cancel');
    if (!this.hangs) return { outcome: 'accepted' };
    return await untilAborted(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  }

  /** The first dispatch that fits, past or future. Without a candidate: whosever it is. */
  async dispatchOf(
    stepName: string,
    attempt = 1,
    runAttempt = 1,
    candidateId?: string,
  ): Promise<DispatchRequest> {
    for (;;) {
      const found = this.dispatched.find(
        (r) =>
          r.stepName === stepName &&
          r.attempt === attempt &&
          r.runAttempt === runAttempt &&
          (candidateId === undefined || r.candidate.id === candidateId),
      );
      if (found !== undefined) return found;
      await once(this.arrivals, 'dispatch', { signal: AbortSignal.timeout(WAIT_MS) });
    }
  }

  /** Resolves when that many dispatches have come, whatever they were for. */
  async arrived(count: number): Promise<void> {
    while (this.dispatched.length < count) {
      await once(this.arrivals, 'dispatch', { signal: AbortSignal.timeout(WAIT_MS) });
    }
  }

  /** POSTs so far, as `step#attempt`. */
  get posts(): string[] {
    return this.dispatched.map(({ stepName, attempt }) => `${stepName}#${String(attempt)}`);
  }
}

/** Nothing in these tests takes longer, unless it never happens. */
export const WAIT_MS = 20_000;

/** An answer that only comes when the call is aborted. */
export function untilAborted(signal: AbortSignal): Promise<DispatchOutcome> {
  return new Promise((settle) => {
    const end = () => {
      settle({ outcome: 'retry', reason: 'aborted' });
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
