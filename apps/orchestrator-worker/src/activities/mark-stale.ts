import type { SilentStatus } from '@loom/domain';
import type { Clock, Logger, SilentSince, Stores } from '@loom/ports';

export interface StaleDeps extends Pick<Stores, 'attention'> {
  clock: Clock;
  logger: Logger;
  /** How long the migrator of a step in this status may be silent, in ms; 0: for ever. */
  staleAfterMs: Readonly<Record<SilentStatus, number>>;
}

/** Of one activity, well inside its time. What is left is the next tick's. */
const WORK_MS = 10_000;

/** Asks for a person where the migrator of a step has been silent for too long. */
export function createStaleActivities({ attention, clock, logger, staleAfterMs }: StaleDeps) {
  return {
    /** Answers how many candidates were turned to `stale`. */
    async markStale(): Promise<number> {
      const silent = silentSince(Date.parse(clock.now()), staleAfterMs);
      if (Object.keys(silent).length === 0) return 0;
      const end = Date.now() + WORK_MS;
      let marked = 0;
      for (;;) {
        const more = await attention.markStale(silent, clock.now());
        marked += more;
        if (more === 0 || Date.now() > end) break;
      }
      if (marked > 0) logger.info('migrators have been silent for too long', { candidates: marked });
      return marked;
    },
  };
}

function silentSince(now: number, staleAfterMs: StaleDeps['staleAfterMs']): SilentSince {
  const limited = Object.entries(staleAfterMs).filter(([, ms]) => ms > 0);
  return Object.fromEntries(limited.map(([status, ms]) => [status, new Date(now - ms).toISOString()]));
}
