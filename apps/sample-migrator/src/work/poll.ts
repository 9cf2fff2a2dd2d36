import type { Logger } from '@loom/ports';
import { logFailure } from '../log-failure';

export interface PollDeps {
  look: () => Promise<void>;
  intervalMs: number;
  logger: Logger;
}

/**
 * Looks now, for what was merged while nobody was here to be told, and then again and again, always `intervalMs` after
 * the last look ended.
 */
export function startPoll({ look, intervalMs, logger }: PollDeps): { stop(): Promise<void> } {
  let stopped = false;
  let looking = Promise.resolve();
  let timer = setTimeout(round, 0);
  function round(): void {
    looking = look()
      .catch((error: unknown) => logFailure(logger, 'pull requests could not be looked at', { error }))
      .then(() => {
        if (!stopped) timer = setTimeout(round, intervalMs);
      });
  }
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return looking;
    },
  };
}
