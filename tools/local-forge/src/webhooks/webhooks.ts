import { createHmac, randomUUID } from 'node:crypto';
import { type Clock, timestamp } from '../clock';
import { createKeyedMutex, createLimiter } from '../concurrency';
import { errorLine, errorProperty } from '../errors';
import type { Delivery, DeliveryLog } from './delivery-log';
import type { Hook, Hooks } from './hooks';

/** Deliveries under way at a time, over all webhooks. */
const maximumDeliveries = 8;

export type WebhooksDeps = {
  readonly hooks: Hooks;
  readonly log: DeliveryLog;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  /** For tests of clients: nothing is sent, the log says `dropped`. */
  readonly drop: boolean;
  /** Told in one line of what could not be recorded. */
  readonly warn: (line: string) => void;
};

/** An event on its way to every webhook that wants it. */
export type WebhookEvent = {
  readonly event: 'pull_request';
  readonly action: string;
  readonly owner: string;
  readonly fullName: string;
  /** Events of one subject are delivered in order, each to all webhooks before the next. */
  readonly subject: string;
  readonly payload: () => Promise<object>;
};

const headersOf = (hook: Hook, event: string, guid: string, body: string): Record<string, string> => ({
  'content-type': 'application/json',
  'user-agent': 'GitHub-Hookshot/local-forge',
  'x-github-event': event,
  'x-github-delivery': guid,
  'x-github-hook-id': String(hook.id),
  ...(hook.secret !== null && {
    'x-hub-signature-256': `sha256=${createHmac('sha256', hook.secret).update(body).digest('hex')}`,
  }),
});

type Outcome = Pick<Delivery, 'status' | 'statusCode'>;

/** Delivers events to webhooks: each once, as GitHub does; a client that missed one polls or asks for another attempt. */
export const createWebhooks = (deps: WebhooksDeps) => {
  const { hooks, log, clock } = deps;
  const limiter = createLimiter(maximumDeliveries);
  const order = createKeyedMutex();
  const underWay = new Set<Promise<void>>();
  const stop = new AbortController();

  const post = async (delivery: Delivery): Promise<Outcome> => {
    if (deps.drop) return { status: 'dropped', statusCode: 0 };
    try {
      const response = await deps.fetch(delivery.url, {
        method: 'POST',
        headers: delivery.headers,
        body: delivery.body,
        // A receiver must not be able to send the signed event on to somewhere else.
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(deps.timeoutMs), stop.signal]),
      });
      await response.body?.cancel();
      return { status: response.ok ? 'OK' : 'failed', statusCode: response.status };
    } catch (error) {
      const timedOut = errorProperty(error, 'name') === 'TimeoutError';
      return { status: timedOut ? 'timed out' : 'failed to connect', statusCode: 0 };
    }
  };

  const deliver = async (hook: Hook, delivery: Delivery): Promise<void> => {
    // Recorded before it is sent: after a crash the log still has it, to be delivered again.
    await log.write(hook.id, delivery);
    const begun = clock.now().getTime();
    const outcome = await post(delivery);
    await log.write(hook.id, { ...delivery, ...outcome, duration: (clock.now().getTime() - begun) / 1_000 });
  };

  const track = (work: Promise<void>): void => {
    const tracked = work
      .catch((error: unknown) => {
        deps.warn(`webhook delivery was not recorded: ${errorLine(error)}`);
      })
      .finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };

  const draft = (
    hook: Hook,
    guid: string,
    redelivery: boolean,
    event: string,
    action: string,
    body: string,
  ) => ({
    id: log.nextId(clock.now()),
    guid,
    event,
    action,
    redelivery,
    status: 'pending',
    statusCode: 0,
    deliveredAt: timestamp(clock),
    duration: 0,
    url: hook.url,
    headers: headersOf(hook, event, guid, body),
    body,
  });

  const send = async (event: WebhookEvent): Promise<void> => {
    const wanting = await hooks.wanting(event.owner, event.fullName, event.event);
    if (wanting.length === 0) return;
    const body = JSON.stringify(await event.payload());
    await Promise.all(
      wanting.map((hook) => {
        const delivery = draft(hook, randomUUID(), false, event.event, event.action, body);
        return limiter.run(() => deliver(hook, delivery));
      }),
    );
  };

  return {
    /** Starts delivery and returns at once. */
    publish: (event: WebhookEvent): void => track(order.run(event.subject, () => send(event))),
    /** Sends a recorded delivery once more, under the same guid. @throws not-found */
    redeliver: async (hook: Hook, id: number): Promise<void> => {
      const { guid, event, action, body } = await log.read(hook.id, id);
      const delivery = draft(hook, guid, true, event, action, body);
      track(limiter.run(() => deliver(hook, delivery)));
    },
    /** Resolves when nothing is under way any more. */
    idle: async (): Promise<void> => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    /** Ends what is under way; it is recorded as failed. */
    abort: (): void => stop.abort(),
  };
};

export type Webhooks = ReturnType<typeof createWebhooks>;
