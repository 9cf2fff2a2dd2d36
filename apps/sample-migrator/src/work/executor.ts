import type { Logger } from '@loom/ports';
import { logFailure } from '../log-failure';
import type { Work, WorkStore } from '../ports';
import { startClaimLoop } from './claim-loop';

/** Executes accepted work in the background. */
export interface Executor {
  /** Work was accepted: start it now. */
  nudge: () => void;
  /** Waits until nothing of this run is being executed here, at most `QUIESCE_MS`. */
  quiesce: (runId: string) => Promise<void>;
  stop: () => Promise<void>;
}

export interface ExecutorDeps {
  store: WorkStore;
  execute: (work: Work) => Promise<void>;
  /** Called after each execution. */
  executed: () => void;
  concurrency: number;
  logger: Logger;
  now: () => number;
}

/** A claim of a process that died is free again after this; a living one renews it. */
const CLAIM_MS = 6_000;
const RENEW_MS = 2_000;
const IDLE_MS = 1_000;
const QUIESCE_MS = 20_000;

/** Starts executing. */
export function startExecutor(deps: ExecutorDeps): Executor {
  const { store, logger, now } = deps;
  const underWay = new Map<string, Set<Promise<void>>>();

  const run = async (work: Work): Promise<void> => {
    const renewal = setInterval(() => {
      store.hold(work.key, now() + CLAIM_MS).catch((error: unknown) => {
        logFailure(logger, 'a claim could not be renewed', { error });
      });
    }, RENEW_MS);
    const execution = deps.execute(work);
    const ofRun = underWay.get(work.runId) ?? new Set();
    underWay.set(work.runId, ofRun.add(execution));
    try {
      await execution;
      deps.executed();
    } finally {
      clearInterval(renewal);
      ofRun.delete(execution);
      if (ofRun.size === 0) underWay.delete(work.runId);
    }
  };
  const loop = startClaimLoop({
    claim: (limit) => store.claim(now(), now() + CLAIM_MS, limit),
    run,
    concurrency: deps.concurrency,
    intervalMs: IDLE_MS,
    onError: (error) =>
      logFailure(logger, 'the outcome of a step could not be recorded; it is tried again', { error }),
  });

  return {
    nudge: loop.nudge,
    stop: loop.stop,
    quiesce: async (runId) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, QUIESCE_MS);
      });
      const executions = [...(underWay.get(runId) ?? new Set<Promise<void>>())];
      await Promise.race([Promise.allSettled(executions), late]);
      clearTimeout(timer);
    },
  };
}
