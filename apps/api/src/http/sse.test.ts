import { once } from 'node:events';
import { get } from 'node:http';
import {
  DependencyUnavailableError,
  InvalidRequestError,
  MigrationNotFoundError,
  noCounts,
} from '@loom/domain';
import { createApp, type AppDeps } from '../app';
import type { Service } from '../service/service';
import type { Watch, WatchItem } from '../service/watch';
import { MemoryLogger } from '@loom/ports/memory';
import { serve } from '../testing/serve';
import { feed, nextLine, openStream, reader } from '../testing/streams';

const AT = '2026-01-01T00:00:00.000Z';
const candidateItem = (position: string): WatchItem => ({
  position,
  event: {
    type: 'candidate',
    migrationId: 'm',
    candidateId: 'c',
    status: 'running',
    attempt: 1,
    updatedAt: AT,
  },
});

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(watch: Service['watch'], options: Partial<AppDeps> = {}) {
  const stopping = new AbortController();
  const logger = new MemoryLogger();
  const app = createApp({
    service: { watch } as unknown as Service,
    readiness: () => Promise.resolve({ status: 'ready', dependencies: [] }),
    logger,
    stopping: stopping.signal,
    ...options,
  });
  const { url, close } = await serve(app);
  closers.push(close);
  return { url, stopping, logger };
}

describe('event streams', () => {
  it('tell each change as a named frame with its id, in the shapes of the contract', async () => {
    const step = {
      stepName: 's',
      status: 'open',
      attempt: 1,
      lastHeardAt: AT,
      lastEvent: { fingerprint: 'f' },
    } as const;
    const { url } = await start(() =>
      Promise.resolve(
        feed([
          [
            candidateItem('1-0'),
            {
              position: '2-0',
              event: { type: 'step', migrationId: 'm', candidateId: 'c', runAttempt: 1, step },
            },
          ],
          [{ position: '3-0', event: { type: 'counts', migrationId: 'm', counts: noCounts() } }],
          [{ position: '9-0', reset: 'events_missed' }],
        ]),
      ),
    );
    const response = await openStream(`${url}/migrations/m/events`);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toMatch(/^text\/event-stream/);
    const seen = reader(response);
    await seen.until(() => seen.frames.length === 4);
    expect(seen.events()).toEqual([
      {
        id: '1-0',
        type: 'candidate',
        data: { migrationId: 'm', candidateId: 'c', status: 'running', attempt: 1, updatedAt: AT },
      },
      {
        id: '2-0',
        type: 'step',
        data: {
          migrationId: 'm',
          candidateId: 'c',
          runAttempt: 1,
          step: { stepName: 's', status: 'open', attempt: 1, lastHeardAt: AT },
        },
      },
      { id: '3-0', type: 'counts', data: { migrationId: 'm', counts: noCounts() } },
      { id: '9-0', type: 'reset', data: { reason: 'events_missed' } },
    ]);
    expect(seen.text()).not.toContain('fingerprint');
    response.destroy();
  });

  it('are never compressed, so that no frame is held back', async () => {
    const { url } = await start(() => Promise.resolve(feed([[candidateItem('1-0')]])));
    const response = await openStream(`${url}/events`, { 'accept-encoding': 'gzip, br' });
    expect(response.headers['content-encoding']).toBeUndefined();
    const seen = reader(response);
    await seen.until(() => seen.frames.length === 1);
    response.destroy();
  });

  it('send a comment when nothing happened for a while', async () => {
    const { url } = await start(() => Promise.resolve(feed([[], []])));
    const response = await openStream(`${url}/events`);
    const seen = reader(response);
    await seen.until(() => seen.text().split('\n: ').length === 3);
    expect(seen.frames).toEqual([]);
    response.destroy();
  });

  it('begin where the reader says: the last id it got wins over the position of its list', async () => {
    const watch = jest.fn<ReturnType<Service['watch']>, Parameters<Service['watch']>>(() =>
      Promise.resolve(feed([])),
    );
    const { url } = await start(watch, { streams: { heartbeatMs: 1234 } });
    for (const [query, headers] of [
      ['', {}],
      ['?from=5-0', {}],
      ['?from=5-0', { 'last-event-id': '' }],
      ['?from=5-0', { 'last-event-id': '7-1' }],
    ] as const)
      (await openStream(`${url}/migrations/m/events${query}`, headers)).destroy();
    expect(watch.mock.calls).toEqual(
      [undefined, '5-0', '5-0', '7-1'].map((after) => [
        { migrationId: 'm' },
        after,
        { waitMs: 1234, resumed: after === '7-1' },
      ]),
    );
  });

  it('answer an error before they begin like any other request', async () => {
    const { url } = await start((scope, after) =>
      Promise.reject(
        after === 'bad'
          ? new InvalidRequestError('no', [{ pointer: '/query/from', message: 'no' }])
          : new MigrationNotFoundError(JSON.stringify(scope)),
      ),
    );
    expect(await statusOf(`${url}/migrations/m/events`)).toEqual([404, 'migration_not_found']);
    expect(await statusOf(`${url}/events?from=bad`)).toEqual([400, 'invalid_request']);
    expect(await statusOf(`${url}/events?form=1`)).toEqual([400, 'invalid_request']);
  });

  it('stop reading when the reader goes away', async () => {
    const watch = feed([[candidateItem('1-0')]]);
    const { url } = await start(() => Promise.resolve(watch));
    const response = await openStream(`${url}/events`);
    const seen = reader(response);
    await seen.until(() => seen.frames.length === 1);
    response.destroy();
    await watch.aborted();
  });

  it('read no further for a reader that went away while they were opened', async () => {
    const watch = feed([]);
    let opened = (): void => undefined;
    const opening = new Promise<void>((resolve) => (opened = resolve));
    let asked = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const { url, logger } = await start(async () => {
      asked();
      await opening;
      return watch;
    });
    const request = get(`${url}/events`).on('error', () => undefined);
    await isAsked;
    const logged = nextLine(logger, 'request');
    request.destroy();
    await logged;
    opened();
    await watch.aborted();
    expect(watch.asked).toBe(1);
  });

  it('answer HEAD with their head alone', async () => {
    const watch = feed([[candidateItem('1-0')]]);
    const { url } = await start(() => Promise.resolve(watch));
    const response = await fetch(`${url}/events`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(watch.asked).toBe(0);
  });

  it('end by themselves when the process stops', async () => {
    const { url, stopping } = await start(() => Promise.resolve(feed([[candidateItem('1-0')]])));
    const response = await openStream(`${url}/events`);
    const seen = reader(response);
    await seen.until(() => seen.frames.length === 1);
    const ended = once(response, 'end');
    stopping.abort();
    await ended;
  });

  it('are refused above the limit, and free their place when they close', async () => {
    const watch = feed([]);
    const { url } = await start(() => Promise.resolve(watch), { streams: { mostStreams: 1 } });
    const first = await openStream(`${url}/events`);
    const refused = await fetch(`${url}/events`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    expect(await refused.json()).toMatchObject({ code: 'rate_limited' });
    first.destroy();
    await watch.aborted();
    const next = await openStream(`${url}/events`);
    expect(next.statusCode).toBe(200);
    next.destroy();
  });

  it('are refused to an address that has many, while another one still gets its own', async () => {
    const watch = feed([]);
    const { url } = await start(() => Promise.resolve(watch), { streams: { mostPerClient: 1 } });
    const first = await openStream(`${url}/events`);
    expect((await fetch(`${url}/events`)).status).toBe(429);
    const other = await openStream(`${url}/events`, {}, '127.0.0.2');
    expect(other.statusCode).toBe(200);
    first.destroy();
    await watch.aborted();
    const next = await openStream(`${url}/events`);
    expect(next.statusCode).toBe(200);
    for (const response of [other, next]) response.destroy();
  });

  it('stay while the store is away, say so, and go on', async () => {
    let asked = 0;
    const watch: Watch = {
      next() {
        asked += 1;
        if (asked <= 2) return Promise.reject(new DependencyUnavailableError('store', 'gone', true));
        return asked === 3 ? Promise.resolve([candidateItem('1-0')]) : new Promise(() => undefined);
      },
    };
    const { url } = await start(() => Promise.resolve(watch), { streams: { retryMs: 1 } });
    const response = await openStream(`${url}/events`);
    const seen = reader(response);
    await seen.until(() => seen.frames.length === 1);
    expect(seen.text().match(/: the store cannot be read now/g)).toHaveLength(2);
    response.destroy();
  });

  it('read no further while a reader takes nothing, and cut it off', async () => {
    const detail = 'x'.repeat(4096);
    const batch = Array.from({ length: 200 }, (_, n): WatchItem => ({
      position: `${n}-0`,
      event: {
        type: 'step',
        migrationId: 'm',
        candidateId: 'c',
        runAttempt: 1,
        step: { stepName: detail, status: 'open', attempt: 1 },
      },
    }));
    const watch = feed(Array.from({ length: 1000 }, () => batch));
    const { url, logger } = await start(() => Promise.resolve(watch), { streams: { stallMs: 50 } });
    const response = await openStream(`${url}/events`);
    response.pause();
    await Promise.all([nextLine(logger, 'an event stream was cut off'), nextLine(logger, 'request')]);
    // What the system's socket buffers took, and one batch more; not the whole feed of 800 MB.
    expect(watch.asked).toBeLessThan(100);
    response.destroy();
  });

  it('are cut off when the store fails, to be taken up again at the last id', async () => {
    const failing: Watch = { next: () => Promise.reject(new Error('store gone')) };
    const { url, logger } = await start(() => Promise.resolve(failing));
    const response = await openStream(`${url}/events`);
    const closed = once(response, 'close');
    response.resume();
    await closed;
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'an event stream was cut off' }),
    );
  });
});

async function statusOf(url: string): Promise<unknown[]> {
  const response = await fetch(url);
  const body = (await response.json()) as { code: string };
  return [response.status, body.code];
}
