import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createEventParser, openApiDocument, toLoomEvent, type LoomEvent } from '@loom/api-types';
import { createHttpWorld } from '../testing/http-world';
import { serve } from '../testing/serve';
import { M, definition } from '../testing/world';

type Item = Record<string, { operationId?: string } | undefined>;

/** Ids of the operations that this server serves. */
const served = Object.values(openApiDocument['paths'] as Record<string, Item>)
  .filter((item) => item['x-loom-served-by'] === undefined)
  .flatMap((item) => Object.values(item).flatMap((part) => part?.operationId ?? []));

const world = createHttpWorld();
const { api, broken, seen } = world;
let server: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  server = await serve(world.app);
});
afterAll(() => server.close());

/** Follows a stream until `done`; what it told. */
async function follow(
  path: string,
  done: (events: LoomEvent[]) => boolean,
  headers: Record<string, string> = {},
): Promise<LoomEvent[]> {
  const [response] = (await once(get(server.url + path, { headers }), 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  response.on('error', () => undefined);
  const events: LoomEvent[] = [];
  await new Promise<void>((resolve) => {
    const parse = createEventParser({
      onFrame: (frame) => {
        events.push(toLoomEvent(frame) as LoomEvent);
        if (done(events)) resolve();
      },
    });
    response.setEncoding('utf8').on('data', parse);
  });
  const closed = once(response, 'close');
  response.destroy();
  await closed;
  return events;
}

describe('a migration from its announcement to its end', () => {
  const at = `/migrations/${M}/candidates/c1`;
  let from: string;

  it('is announced, with candidates found', async () => {
    await api
      .post('/registry/announce')
      .send(definition({ requiredInputs: [{ name: 'repo', label: 'R' }] }))
      .expect(200);
    await api
      .post(`/migrations/${M}/candidates`)
      .send({ candidates: [{ id: 'c1', kind: 'app' }] })
      .expect(200);
    await api.get(`/migrations/${M}/candidates/export?format=csv`).expect(200);
    await api
      .post(`/migrations/${M}/candidates/prune`)
      .send({ ids: ['nobody'] })
      .expect(200);
    const list = await api.get(`/migrations/${M}/candidates`).expect(200);
    from = list.body.streamPosition;
    await api.get(`/migrations/${M}/facets?keys=kind`).expect(200);
  });

  it('is previewed, queued, dequeued, queued again and executed', async () => {
    const body = { inputs: { repo: 'r' } };
    await api.post(`${at}/dry-run`).send(body).expect(200);
    await api.post(`/migrations/${M}/dry-run`).send({ candidateId: 'c1' }).expect(200);
    await api.post(`${at}/queue`).send(body).expect(202);
    await api.delete(`${at}/dequeue`).expect(204);
    await api.post(`${at}/queue`).send(body).expect(202);
    await api.post(`${at}/execute`).expect(202);
  });

  it('is paused and resumed, by itself and with all others', async () => {
    await api.post(`/migrations/${M}/pause`).send({ reason: 'look' }).expect(200);
    await api.post(`/migrations/${M}/resume`).expect(200);
    await api.post('/admin/pause').expect(200);
    await api.post('/admin/resume').expect(200);
    await api.put(`/migrations/${M}/limits`).send({ maxRunning: 5 }).expect(200);
    await api.put('/admin/limits').send({ maxRunning: 5 }).expect(200);
    await api.get('/admin/controls').expect(200);
  }, 30_000);

  it('fails a step, is changed, tried again and cancelled', async () => {
    await world.worker.begin('c1');
    await api
      .post(`/event/${await world.callback('c1')}`)
      .send({ stepName: 'one', candidateId: 'c1', status: 'failed' })
      .expect(202);
    await world.worker.project('c1', 0, { status: 'failed', attempt: 1, updatedAt: world.clock.now() });
    await api
      .patch(`${at}/inputs`)
      .send({ inputs: { repo: 's' } })
      .expect(204);
    await api.post(`${at}/retry-step`).send({ stepName: 'one', attempt: 1 }).expect(202);
    await api.get(`${at}/steps`).expect(200);
    await api.post(`${at}/cancel`).send({ reason: 'enough' }).expect(204);
    await world.worker.settle('c1');
    await api.get(`/migrations/${M}/cancelled-attempts`).expect(200);
  });

  it('is started again to its end', async () => {
    await api
      .post(`${at}/start`)
      .send({ inputs: { repo: 'r' } })
      .expect(202, { runId: `${M}__c1`, attempt: 2 });
    await world.worker.begin('c1');
    await world.worker.complete('c1');
    expect((await api.get(at).expect(200)).body).toMatchObject({ status: 'completed', run: { attempt: 2 } });
    await api.get('/migrations').expect(200);
    await api.get(`/migrations/${M}`).expect(200);
    await api.get(`${at}/attempts`).expect(200);
    await api.get(`/audit?migrationId=${M}`).expect(200);
    await api.get('/audit/export?format=csv').expect(200);
  });

  it('was told as it happened, from the position of the list on', async () => {
    const isEnd = (event: LoomEvent | undefined): boolean =>
      event?.type === 'counts' && event.data.counts.completed === 1;
    for (const path of [`/migrations/${M}/events?from=${from}`, '/events?from=0-0']) {
      const events = await follow(path, (told) => isEnd(told.at(-1)));
      const statuses = events.flatMap((event) => (event.type === 'candidate' ? [event.data.status] : []));
      expect([...new Set(statuses)]).toEqual(['queued', 'not_started', 'running', 'completed']);
      expect(events.flatMap((event) => (event.type === 'step' ? [event.data.step.status] : []))).toEqual([
        'failed',
      ]);
      expect(events.every(({ id }) => id !== undefined)).toBe(true);
    }
  });

  it('was counted while it went', async () => {
    const ofOne = ['statistics', 'burndown'].map((name) => `/migrations/${M}/${name}`);
    const ofAll = ['overview', 'timeline', 'failures'].map((name) => `/statistics/${name}`);
    for (const path of [...ofOne, ...ofAll]) await api.get(path).expect(200);
    const { body } = await api.get('/statistics/overview').expect(200);
    expect(body).toMatchObject({ today: { started: 2, completed: 1, cancelled: 1 } });
  });

  it('said 400 or 404 where a stream cannot be', async () => {
    expect((await api.get('/migrations/nope/events').expect(404)).body.code).toBe('migration_not_found');
    for (const path of [`/migrations/${M}/events?from=x`, '/events?from=x'])
      expect((await api.get(path).expect(400)).body.errors).toMatchObject([{ pointer: '/query/from' }]);
  });

  it('began anew for a browser whose last id is of no stream, since it would not come back after a 400', async () => {
    const told = await follow('/events', (events) => events.length > 0, { 'last-event-id': 'x' });
    expect(told).toMatchObject([{ type: 'reset', data: { reason: 'events_missed' } }]);
  });

  it('is reset in the end', async () => {
    await api.post(`${at}/reset`).send({ reason: 'reverted' }).expect(204);
    expect((await api.get(at).expect(200)).body).toMatchObject({ status: 'not_started' });
  });

  it('is archived and taken back', async () => {
    for (const action of ['archive', 'unarchive']) await api.post(`/migrations/${M}/${action}`).expect(200);
  });

  it('took every operation of the contract, and every answer fitted it', async () => {
    for (const path of ['/attention', '/healthz', '/readyz', '/openapi.json'])
      await api.get(path).expect(200);
    world.reconciler.report = { restarted: 0, cancelsAsked: 0, cancelsSettled: 0 };
    const { id } = (await api.post('/admin/reconcile').expect(200)).body as unknown as { id: string };
    for (const path of ['', `/${id}`]) await api.get(`/admin/reconcile${path}`).expect(200);
    await api.post('/admin/recovery/accept').send({ firstAttempt: 1 }).expect(200);
    const succeeded = [...seen].filter((entry) => / 2\d\d$/.test(entry)).map((entry) => entry.split(' ')[0]);
    expect(succeeded.sort()).toEqual([...served].sort());
    expect(broken).toEqual([]);
  });
});
