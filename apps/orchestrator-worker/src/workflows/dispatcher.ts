import { ActivityFailure, CancellationScope, isCancellation, rootCause, sleep } from '@temporalio/workflow';
import type { DispatchInput, DispatchResult } from '../activities';
import { durable, local, retrying } from './activity-proxies';

/** How a dispatch ended for good. */
export type Settled = Exclude<DispatchResult, { outcome: 'retry' } | { outcome: 'away' }>;

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
  if (first.outcome === 'away') return await patiently(input, budgetMs, budgetMs, true);
  if (first.outcome !== 'retry') return first;
  const afterMs = Math.max(first.afterMs ?? 0, 0);
  if (afterMs >= budgetMs) return outOfBudget(budgetMs, first.reason);
  if (afterMs > 0) await sleep(afterMs);
  return await patiently(input, budgetMs, budgetMs - afterMs, false);
}

/** Until the migrator accepts, for `left` ms of its budget: what the store is away in between is not counted. */
async function patiently(
  input: DispatchInput,
  budgetMs: number,
  left: number,
  isStoreAway: boolean,
): Promise<Settled> {
  if (isStoreAway) {
    const { projection, step } = input;
    const shown = await durable.showDispatch({ projection, step });
    if (shown !== 'applied') return { outcome: shown };
  }
  const since = Date.now();
  const later = await repeatedly(input, left);
  if (later.outcome === 'retry') return outOfBudget(budgetMs, later.reason);
  if (later.outcome !== 'away') return later;
  const stillLeft = Math.max(left - (Date.now() - since), ONE_TRY_MS);
  return await patiently(input, budgetMs, stillLeft, true);
}

/** After an outage of the store the migrator is asked at least once more, however little of its budget is left. */
const ONE_TRY_MS = 15_000;

async function repeatedly(input: DispatchInput, budgetMs: number): Promise<DispatchResult> {
  try {
    return await retrying(budgetMs).dispatchStep(input);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return { outcome: 'retry', reason: rootCause(error) ?? error.message };
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
