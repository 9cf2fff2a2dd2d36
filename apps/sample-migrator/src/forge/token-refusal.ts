import { createOutageLog, type Logger, type OutageLog } from '@loom/ports';

/** What an operator is told of a request that the token has no part in, or no right to. */
export function tokenRefusal(token: string | undefined, what: string): string {
  const refusal =
    token === undefined
      ? 'the forge wants a token, and GITHUB_TOKEN is not set'
      : 'the forge refuses GITHUB_TOKEN';
  return `${refusal}: ${what}`;
}

/** Tells once when the forge takes the token no more, and once when it does again; `what` is who of us asks. */
export function createTokenLog(logger: Logger, what: string, address: string): OutageLog {
  return createOutageLog({
    logger,
    what,
    address,
    remedy: 'set GITHUB_TOKEN to a token that is valid there',
  });
}
