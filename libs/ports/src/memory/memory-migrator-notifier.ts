import type {
  CancelStepNotice,
  DispatchOutcome,
  DispatchRequest,
  MigratorNotifier,
} from '../migrator-notifier';

/** Records what it was told to send, and answers by script: the next outcome in line, else `accepted`. */
export class MemoryMigratorNotifier implements MigratorNotifier {
  readonly dispatches: DispatchRequest[] = [];
  readonly cancels: CancelStepNotice[] = [];
  private readonly outcomes: DispatchOutcome[] = [];

  /** The answers to the next calls, in order. */
  answer(...outcomes: DispatchOutcome[]): void {
    this.outcomes.push(...outcomes);
  }

  async dispatch(
    request: DispatchRequest,
    { signal }: { timeoutMs: number; signal: AbortSignal },
  ): Promise<DispatchOutcome> {
    await Promise.resolve();
    if (signal.aborted) return { outcome: 'retry', reason: 'aborted' };
    this.dispatches.push(structuredClone(request));
    return this.outcomes.shift() ?? { outcome: 'accepted' };
  }

  async cancelStep(
    notice: CancelStepNotice,
    { signal }: { timeoutMs: number; signal: AbortSignal },
  ): Promise<DispatchOutcome> {
    await Promise.resolve();
    if (signal.aborted) return { outcome: 'retry', reason: 'aborted' };
    this.cancels.push(structuredClone(notice));
    return this.outcomes.shift() ?? { outcome: 'accepted' };
  }
}
