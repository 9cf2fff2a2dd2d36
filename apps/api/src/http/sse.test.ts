import { InvalidRequestError, MigrationNotFoundError, noCounts } from '@loom/domain';
import type { Service } from '../service/service';
import { serveWatch } from '../testing/serve-watch';
import { AT, candidateItem, feed, openStream, reader } from '../testing/streams';

describe('event streams', () => {
  it('tell each change as a named frame with its id, in the shapes of the contract', async () => {
    const step = {
      stepName: 's',
      status: 'open',
      attempt: 1,
      lastHeardAt: AT,
      lastEvent: { fingerprint: 'f' },
    } as const;
    const { url } = await serveWatch(() =>
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
    const { url } = await serveWatch(() => Promise.resolve(feed([[candidateItem('1-0')]])));
    const response = await openStream(`${url}/events`, { 'accept-encoding': 'gzip, br' });
    expect(response.headers['content-encoding']).toBeUndefined();
    const seen = reader(response);
    await seen.until(() => seen.frames.length === 1);
    response.destroy();
  });

  it('send a comment when nothing happened for a while', async () => {
    const { url } = await serveWatch(() => Promise.resolve(feed([[], []])));
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
    const { url } = await serveWatch(watch, { streams: { heartbeatMs: 1234 } });
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
    const { url } = await serveWatch((scope, after) =>
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

  it('answer HEAD with their head alone', async () => {
    const watch = feed([[candidateItem('1-0')]]);
    const { url } = await serveWatch(() => Promise.resolve(watch));
    const response = await fetch(`${url}/events`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(watch.asked).toBe(0);
  });
});

async function statusOf(url: string): Promise<unknown[]> {
  const response = await fetch(url);
  const body = (await response.json()) as { code: string };
  return [response.status, body.code];
}
