import type { Logger, Tracing } from '@loom/ports';
import { logFailure } from '../log-failure';
import { isLoomAway, type LoomAnswer, type LoomClient } from '../loom/loom-client';
import type { Outbox, OutboxMessage, WorkStore } from '../ports';
import { startClaimLoop, type ClaimLoop } from '../work/claim-loop';

export interface DelivererDeps {
  outbox: Outbox;
  store: WorkStore;
  loom: Pick<LoomClient, 'raiseEvent'>;
  logger: Logger;
  tracing: Tracing;
  now: () => number;
  /** From 0 to 1. */
  random: () => number;
  concurrency: number;
}

/** Longer than a delivery may take, so that nobody else delivers the same meanwhile. */
const CLAIM_MS = 7_000;
const IDLE_MS = 500;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 60_000;
/** A Retry-After is obeyed up to here: whatever stands before Loom must not park an event for days. */
const LONGEST_ASKED_MS = 600_000;
/** An event that nobody took for this long is given up: whoever could mend it had a week. */
const MAX_AGE_MS = 7 * 24 * 3600_000;

/**
 * Refusals that no repetition changes: the run moved on, or the event itself is wrong. 401, 403 and 404 are not among
 * them: a rotated key, an api with other keys or a proxy answer so, and the event is good once that is mended.
 */
const FINAL = [400, 409, 413, 415];

/** Starts delivering what the outbox holds, until it is stopped. */
export function startDeliverer(deps: DelivererDeps): ClaimLoop {
  return startClaimLoop({
    claim: (limit) => deps.outbox.claim(deps.now(), deps.now() + CLAIM_MS, limit),
    run: (message) =>
      deps.tracing.span('deliver event', { from: message.trace }, () => deliver(deps, message)),
    concurrency: deps.concurrency,
    intervalMs: IDLE_MS,
    onError: (error) => logFailure(deps.logger, 'the outbox could not be used', { error }),
  });
}

/** Delivers one message: it leaves the outbox when Loom accepted it, said for good that it will not, or it is too old. */
export async function deliver(deps: DelivererDeps, message: OutboxMessage): Promise<void> {
  const { outbox, store, loom, now } = deps;
  let answer: LoomAnswer | Error;
  try {
    answer = await loom.raiseEvent(message.callbackId, message.event);
  } catch (error) {
    answer = error instanceof Error ? error : new Error(String(error));
  }
  const delay = retryDelay(answer, message.attempts, deps.random());
  const expired = now() - message.putAt >= MAX_AGE_MS;
  if (delay !== undefined && !expired) {
    const facts = { ...about(message, answer), inMs: Math.round(delay) };
    // The client has told of an outage, which is about all events.
    deps.logger[isLoomAway(answer) ? 'debug' : 'warn']('event not accepted; it is sent again', facts);
    return outbox.defer(message, now() + delay);
  }
  tell(deps.logger, message, answer);
  // An open pull request has more to tell. The record goes before the message: if the process dies in between, the
  // event is sent once more, which Loom takes for a repeat.
  if (message.event.status === 'merged') await store.finish(message.workKey);
  else if (message.event.status !== 'open') await store.settle(message.workKey);
  await outbox.settle(message, now());
}

/** Milliseconds until the next try; undefined when the answer is final. */
export function retryDelay(answer: LoomAnswer | Error, attempts: number, random: number): number | undefined {
  if (!(answer instanceof Error) && (isAccepted(answer) || FINAL.includes(answer.status))) return undefined;
  const backoff = Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempts, 20), LAST_RETRY_MS);
  const asked = answer instanceof Error ? 0 : Math.min(answer.retryAfterMs ?? 0, LONGEST_ASKED_MS);
  // Half of it is random, so that a Loom that comes back does not meet everything at once.
  return Math.max(backoff / 2 + (backoff / 2) * random, asked);
}

function isAccepted({ status }: LoomAnswer): boolean {
  return status >= 200 && status < 300;
}

function tell(logger: Logger, message: OutboxMessage, answer: LoomAnswer | Error): void {
  const facts = about(message, answer);
  if (answer instanceof Error) logger.error('event dropped: Loom could not be reached for too long', facts);
  else if (isAccepted(answer)) logger.debug('event accepted', facts);
  else if (answer.status === 409) logger.info('event dropped: the run has moved on', facts);
  else logger.error('event dropped: Loom does not take it', facts);
}

/** Never the callback id: it is a secret. */
function about({ workKey, event, attempts }: OutboxMessage, answer: LoomAnswer | Error) {
  const said =
    answer instanceof Error
      ? { error: answer.message }
      : { status: answer.status, code: answer.code, detail: answer.detail };
  return { work: workKey, event: event.status, attempts: attempts + 1, answer: said };
}
