import type { ReleaseMessage, RunManifest } from '@loom/domain';
import type { DispatchInput } from '../activities';
import type { Settled } from './dispatcher';
import { transition, type Message } from './run-machine';
import type { RunState } from './run-state';

/** What the main loop does next. `over`: another has ended the run. `cancelled`: a cancel is on record. */
export type Task = 'over' | 'cancelled' | 'finish' | 'dispatch' | 'show' | 'wait';

/** One run attempt as it lives in this execution: its state, what it was told since, and what the world knows of it. */
export class LiveRun {
  private readonly inbox: Message[] = [];
  private ending: 'over' | 'cancelled' | undefined;
  private shown = 0;
  private dispatched = '';
  /** True when a dispatch that has ended is to be taken again. */
  private isDue = false;
  /** True when the end of a pause was told since the newest dispatch began: it may not have known. */
  private isReleased = false;

  /** `isCarried`: the execution before this one has shown and dispatched all of `state`. */
  constructor(
    public state: RunState,
    isCarried: boolean,
  ) {
    if (!isCarried) return;
    this.shown = state.seq;
    this.dispatched = attemptKey(state);
  }

  /** Keeps a message until the main loop reads it. */
  tell(message: Message): void {
    this.inbox.push(message);
  }

  /** Keeps that a pause has ended; it may be told before the dispatch that it has held. */
  released({ runAttempt }: ReleaseMessage): void {
    if (runAttempt !== this.state.runAttempt) return;
    this.isReleased = true;
    this.tell({ kind: 'released', runAttempt });
  }

  /** Keeps how a dispatch ended. */
  dispatchEnded({ stepIndex, attempt, projection }: DispatchInput, result: Settled): void {
    const of = { stepIndex, attempt };
    if (result.outcome === 'closed') this.ending = 'over';
    else if (result.outcome === 'cancelled') this.ending ??= 'cancelled';
    else if (result.outcome === 'accepted') this.tell({ kind: 'dispatchAccepted', of });
    else if (result.outcome === 'refused') this.tell({ kind: 'dispatchFailed', of, reason: result.reason });
    else if (result.outcome === 'paused' && !this.isReleased) this.tell({ kind: 'dispatchPaused', of });
    // A newer view was shown while it was being sent: if that one still waits for it, it is sent with that one.
    else if (result.outcome === 'paused' || this.state.seq > projection.seq)
      this.sendAgain(`${String(stepIndex)}/${String(attempt)}`);
    else
      this.tell({
        kind: 'dispatchFailed',
        of,
        reason: 'the store has a newer view of this run than the run',
      });
  }

  private sendAgain(key: string): void {
    if (key !== attemptKey(this.state)) return;
    this.dispatched = '';
    this.isDue = true;
  }

  /** True when there is something to read, or the run is to end. */
  get hasNews(): boolean {
    return this.inbox.length > 0 || this.ending !== undefined || this.isDue;
  }

  /** Reads all that it was told. True when the dispatch under way has become moot by it. */
  read(at: string): boolean {
    let isMoot = false;
    for (const message of this.inbox.splice(0)) {
      const before = this.state;
      this.state = transition(before, message, at);
      const goesOn = this.state.phase === 'dispatching' && attemptKey(before) === attemptKey(this.state);
      const hasEnded = message.kind === 'dispatchAccepted' || message.kind === 'dispatchPaused';
      if (before.phase === 'dispatching' && !goesOn && !hasEnded) isMoot = true;
      if (before.phase === 'held' && goesOn) this.dispatched = '';
    }
    return isMoot;
  }

  /** The next task, which is taken for done from now on. A dispatch shows the state as well. */
  take(): Task {
    this.isDue = false;
    if (this.ending !== undefined) return this.ending;
    if (this.state.phase === 'finished') return 'finish';
    if (this.state.phase === 'dispatching' && this.dispatched !== attemptKey(this.state)) {
      this.shown = this.state.seq;
      this.dispatched = attemptKey(this.state);
      this.isReleased = false;
      return 'dispatch';
    }
    if (this.state.seq <= this.shown) return 'wait';
    this.shown = this.state.seq;
    return 'show';
  }
}

/** When the current step attempt runs out of time, in ms, and the message of that; undefined: never. */
export function deadlineOf(
  manifest: RunManifest,
  state: RunState,
): { at: number; message: Message } | undefined {
  const seconds = manifest.steps[state.currentStep]?.timeoutSeconds;
  const step = state.steps[state.currentStep];
  if (seconds === undefined || step?.startedAt === undefined) return undefined;
  if (state.phase === 'blocked' || state.phase === 'held') return undefined;
  const of = { stepIndex: state.currentStep, attempt: step.attempt };
  const reason = `timed out after ${String(seconds)} s`;
  return {
    at: Date.parse(step.startedAt) + seconds * 1000,
    message: { kind: 'deadlinePassed', of, reason },
  };
}

function attemptKey(state: RunState): string {
  return `${String(state.currentStep)}/${String(state.steps[state.currentStep]?.attempt ?? 0)}`;
}
