import type { Logger } from './logger';

export interface OutageLogDeps {
  logger: Logger;
  /** Which dependency this is about; begins each line. */
  what: string;
  address: string;
  /** What an operator can do about it. */
  remedy: string;
  /** Milliseconds that never run backwards. */
  now?: () => number;
}

/** Tells of a dependency that is away: once when the outage begins, and once, with its length, when it is over. */
export interface OutageLog {
  /** The dependency could not be used. Repeats within an outage are told to those who debug alone. */
  failed(error: unknown): void;
  /** The dependency could be used. */
  worked(): void;
}

/** An OutageLog that begins outside of an outage. */
export function createOutageLog(deps: OutageLogDeps): OutageLog {
  const { logger, what, address, remedy, now = () => performance.now() } = deps;
  let since: number | undefined;
  return {
    failed(error) {
      if (since !== undefined) {
        logger.debug(`${what} still cannot be used`, { address, error });
        return;
      }
      since = now();
      logger.warn(`${what} cannot be used`, { address, error, remedy });
    },
    worked() {
      if (since === undefined) return;
      logger.info(`${what} can be used again`, { address, afterMs: Math.round(now() - since) });
      since = undefined;
    },
  };
}
