import { setTimeout as wait } from 'node:timers/promises';
import { logFailure } from '../log-failure';
import { cancelRun, markCancelled, type CancelDeps, type CancelRequest } from './cancel-run';

/** Cancels runs, and goes on with it where Loom has ceased to ask: it does so for some seconds only. */
export interface Canceller {
  /**
   * Resolves when the cancel is on record. `closing` is one try of what `cancelRun` does; where it fails, more follow by
   * themselves. Throws StoreError.
   */
  cancel: (request: CancelRequest) => Promise<{ closing: Promise<{ closed: number }> }>;
  /** Waits for the tries under way; none follow. */
  stop: () => Promise<void>;
}

export interface CancellerDeps extends CancelDeps {
  /** Before each further try, in ms; tests are in more of a hurry. */
  againMs?: readonly number[];
}

/** A forge may be away for a while. */
const AGAIN_MS = [5_000, 15_000, 60_000, 300_000, 900_000];

export function createCanceller({ againMs = AGAIN_MS, ...deps }: CancellerDeps): Canceller {
  const stopping = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  const goingOn = new Set<string>();

  async function attempt(request: CancelRequest): Promise<{ closed: number }> {
    const cancelled = cancelRun(deps, request);
    underWay.add(cancelled);
    try {
      return await cancelled;
    } finally {
      underWay.delete(cancelled);
    }
  }

  async function goOn(request: CancelRequest, first: unknown): Promise<void> {
    const { runId, runAttempt } = request;
    let error = first;
    for (const ms of againMs) {
      await wait(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      if (stopping.signal.aborted) break;
      try {
        await attempt(request);
        return;
      } catch (again) {
        error = again;
      }
    }
    logFailure(
      deps.logger,
      'a cancelled run could not be closed; what is not on record here is left to a person',
      {
        runId,
        runAttempt,
        error,
      },
    );
  }

  async function close(request: CancelRequest): Promise<{ closed: number }> {
    try {
      return await attempt(request);
    } catch (error) {
      const run = `${request.runId}/${String(request.runAttempt)}`;
      if (!goingOn.has(run)) {
        goingOn.add(run);
        void goOn(request, error).finally(() => goingOn.delete(run));
      }
      throw error;
    }
  }

  return {
    cancel: async (request) => {
      await markCancelled(deps, request);
      return { closing: close(request) };
    },
    stop: async () => {
      stopping.abort();
      await Promise.allSettled([...underWay]);
    },
  };
}
