import type { Logger } from '@loom/ports';
import { logFailure } from '../log-failure';
import type { DiscoveryReport } from './discover';

/** Runs discovery at the start, at an interval, and when asked to; never twice at a time. */
export interface DiscoverySchedule {
  /** Joins a discovery that is under way, or starts one. */
  now: () => Promise<DiscoveryReport>;
  /** Discovers now and then at the interval; after a failure again, ever less often, until it works. */
  start: () => void;
  /** Resolves when no discovery is under way any more, but waits for one at most five seconds. */
  stop: () => Promise<void>;
}

export interface ScheduleDeps {
  discover: () => Promise<DiscoveryReport>;
  intervalMs: number;
  logger: Logger;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;
/** Of the time that a shutdown has: a discovery of many repositories takes longer, and loses nothing. */
const STOP_MS = 5_000;

/** Creates the schedule, not yet started. */
export function createDiscoverySchedule({ discover, intervalMs, logger }: ScheduleDeps): DiscoverySchedule {
  let underWay: Promise<DiscoveryReport> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let told: string | undefined;
  let stopped = false;

  const now = (): Promise<DiscoveryReport> => {
    underWay ??= discover().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
  const round = async (): Promise<void> => {
    try {
      await now();
      failures = 0;
      told = undefined;
    } catch (error) {
      failures += 1;
      const reason = error instanceof Error ? error.message : String(error);
      // The same again tells nobody anything new.
      if (reason === told) logger.debug('discovery failed again', { failures, error: reason });
      else logFailure(logger, 'discovery failed; it is tried again', { failures, error });
      told = reason;
    }
    const backoff = Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 16), LAST_RETRY_MS);
    if (!stopped) timer = setTimeout(() => void round(), failures === 0 ? intervalMs : backoff);
  };
  return {
    now,
    start: () => void round(),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      let late: NodeJS.Timeout | undefined;
      const limit = new Promise((resolve) => (late = setTimeout(resolve, STOP_MS)));
      // How it ends is told by whoever asked for it.
      await Promise.race([underWay?.catch(() => undefined), limit]);
      clearTimeout(late);
    },
  };
}
