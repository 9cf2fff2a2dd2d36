import { once } from 'node:events';
import { get } from 'node:http';
import { DependencyUnavailableError } from '@loom/domain';
import type { Watch, WatchItem } from '../service/watch';
import { serveWatch } from '../testing/serve-watch';
import { candidateItem, feed, nextLine, openStream, reader } from '../testing/streams';

/** Of 800 KB. */
const largeBatch = () =>
  Array.from({ length: 200 }, (_, n): WatchItem => ({
    position: `${n}-0`,
    event: {
      type: 'step',
      migrationId: 'm',
      candidateId: 'c',
      runAttempt: 1,
      step: { stepName: 'x'.repeat(4096), status: 'open', attempt: 1 },
    },
  }));

describe('event streams', () => {
  it('stop reading when the reader goes away', async () => {
    const watch = feed([[candidateItem('1-0')]]);
    const { url } = await serveWatch(() => Promise.resolve(watch));
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
    const { url, logger } = await serveWatch(async () => {
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

  it('end by themselves when the process stops', async () => {
    const { url, stopping } = await serveWatch(() => Promise.resolve(feed([[candidateItem('1-0')]])));
    const response = await openStream(`${url}/events`);
    const seen = reader(response);
    await seen.until(() => seen.frames.length === 1);
    const ended = once(response, 'end');
    stopping.abort();
    await ended;
  });

  it('are refused above the limit, and free their place when they close', async () => {
    const watch = feed([]);
    const { url } = await serveWatch(() => Promise.resolve(watch), { streams: { mostStreams: 1 } });
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
    const { url } = await serveWatch(() => Promise.resolve(watch), { streams: { mostPerClient: 1 } });
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
    const { url } = await serveWatch(() => Promise.resolve(watch), { streams: { retryMs: 1 } });
    const response = await openStream(`${url}/events`);
    const seen = reader(response);
    await seen.until(() => seen.frames.length === 1);
    expect(seen.text().match(/: the store cannot be read now/g)).toHaveLength(2);
    response.destroy();
  });

  it('read no further while a reader takes nothing, and cut it off', async () => {
    const watch = feed(Array.from({ length: 1000 }, largeBatch));
    const { url, logger } = await serveWatch(() => Promise.resolve(watch), { streams: { stallMs: 50 } });
    const response = await openStream(`${url}/events`);
    response.pause();
    await Promise.all([nextLine(logger, 'an event stream was cut off'), nextLine(logger, 'request')]);
    // What the system's socket buffers took, and one batch more; not the whole feed of 800 MB.
    expect(watch.asked).toBeLessThan(100);
    response.destroy();
  });

  it('end without a warning when the process stops, also for a reader that takes nothing', async () => {
    const watch = feed(Array.from({ length: 1000 }, largeBatch));
    const { url, logger, stopping } = await serveWatch(() => Promise.resolve(watch));
    const response = await openStream(`${url}/events`);
    response.pause();
    for (let before = -1; before !== watch.asked; await fetch(`${url}/healthz`)) before = watch.asked;
    const closed = new Promise((resolve) => response.once('close', resolve));
    stopping.abort();
    response.resume();
    await closed;
    expect(logger.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('are cut off when the store fails, to be taken up again at the last id', async () => {
    const failing: Watch = { next: () => Promise.reject(new Error('store gone')) };
    const { url, logger } = await serveWatch(() => Promise.resolve(failing));
    const response = await openStream(`${url}/events`);
    const closed = once(response, 'close');
    response.resume();
    await closed;
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'an event stream was cut off' }),
    );
  });
});
