import { ActivityFailure, CancellationScope, isCancellation, rootCause, sleep } from '@temporalio/workflow';
import type { DispatchInput, DispatchResult } from '../activities';
import { local, retrying } from './activity-proxies';

/** How a dispatch ended for good: never `retry`. */
export type Settled = Exclude<DispatchResult, { outcome: 'retry' }>;

/** Dispatches of one run: each ends by itself, is given up when an event makes it moot, and is waited for by cleanup. */
export class Dispatcher {
  private readonly inFlight = new Set<Promise<void>>();
  private newest: CancellationScope | undefined;

  constructor(
    private readonly budgetMs: number,
    private readonly onSettled: (input: DispatchInput, result: Settled) => void,
  ) {}

  /** Starts a dispatch beside the main loop; its end is told to `onSettled`, unless it was given up. */
  start(input: DispatchInput): void {
    const scope = new CancellationScope({ cancellable: true });
    this.newest = scope;
    const ended = scope
      .run(() => dispatch(input, this.budgetMs))
      .then((result) => {
        this.onSettled(input, result);
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      })
      .finally(() => this.inFlight.delete(ended));
    this.inFlight.add(ended);
  }

  /** Ends the retries of the newest dispatch: the migrator has called back, or its step's deadline passed. */
  giveUp(): void {
    this.newest?.cancel();
    this.newest = undefined;
  }

  /** True while a POST may still be under way. */
  get busy(): boolean {
    return this.inFlight.size > 0;
  }

  /** Resolves when no POST of this run is under way any more. */
  async drained(): Promise<void> {
    await Promise.allSettled([...this.inFlight]);
  }
}

async function dispatch(input: DispatchInput, budgetMs: number): Promise<Settled> {
  const first = await quickly(input);
  if (first.outcome === 'refused') {
    // An event that was posted from inside the dispatch waits behind this task. Let it in first: it counts, and a
    // failure of the dispatch that comes after it does not.
    await sleep(1);
    return first;
  }
  if (first.outcome !== 'retry') return first;
  if (first.afterMs !== undefined && first.afterMs >= budgetMs) return outOfBudget(budgetMs, first.reason);
  if (first.afterMs !== undefined && first.afterMs > 0) await sleep(first.afterMs);
  try {
    const later = await retrying(Math.max(budgetMs - (first.afterMs ?? 0), 1)).dispatchStep(input);
    return later.outcome === 'retry' ? outOfBudget(budgetMs, later.reason) : later;
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return outOfBudget(budgetMs, rootCause(error) ?? error.message);
  }
}

async function quickly(input: DispatchInput): Promise<DispatchResult> {
  try {
    return await local.dispatchStep(input);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { outcome: 'retry', reason: 'the first attempt did not end in time' };
  }
}

function outOfBudget(budgetMs: number, reason: string): Settled {
  const seconds = Math.round(budgetMs / 1000);
  const budget =
    seconds >= 120 ? `${String(Math.round(seconds / 60))} minutes` : `${String(seconds)} seconds`;
  return { outcome: 'refused', reason: `not accepted by the migrator within ${budget}: ${reason}` };
}
