import { randomUUID } from 'node:crypto';
import {
  createProcessGroup,
  redisOnDisk,
  startLink,
  startRedis,
  testRedisAddr,
  testRedisProgram,
  testTemporalAddr,
  waitUntil,
} from '@loom/dev-stack';
import { runId } from '@loom/domain';
import { createReadiness, loadConfig } from '@loom/platform';
import { MemoryLogger } from '@loom/ports/memory';
import { connectRedis } from '@loom/redis-store';
import { createApp } from './app';
import { environment } from './config';
import { createDependencies } from './dependencies';
import { createService } from './service/service';
import { apiOf, type Answer, type Api, type Call } from './testing/api-client';
import { withOracle } from './testing/contract-oracle';
import { definition } from './testing/world';

const KEYS = [{ id: 'test', secret: 'a-secret-of-this-test-run' }];

/** The whole api on real servers, at the given addresses, with every answer held against the contract. */
function createApi(addresses: { redis: string; temporal: string; host?: string }) {
  const logger = new MemoryLogger();
  const config = loadConfig(environment, {
    REDIS_ADDR: addresses.redis,
    TEMPORAL_HOSTPORT: addresses.temporal,
    LOOM_TASK_QUEUE: `nobody-${randomUUID()}`,
    ...(addresses.host === undefined ? {} : { LOOM_HOST: addresses.host }),
  });
  const { service, probes, close } = createDependencies(config, {
    keys: KEYS,
    logger,
    tracing: undefined,
  });
  const stopping = new AbortController();
  const app = createApp({
    service: createService(service),
    readiness: createReadiness(probes, { cacheMs: 0 }),
    logger,
    stopping: stopping.signal,
  });
  const oracle = withOracle(app);
  const end = async (): Promise<void> => {
    stopping.abort();
    await close.stores();
    await close.temporal();
    await close.agent();
  };
  return { api: apiOf(oracle.app), broken: oracle.broken, service, logger, end };
}

/** Repeats a request until it is answered with `status`; bounded by the test's own time. */
async function until(status: number, call: () => Call): Promise<Answer> {
  for (;;) {
    const answer = await call();
    if (answer.status === status) return answer;
  }
}

async function announced(api: Api, candidates: string[]): Promise<string> {
  const id = `it-${randomUUID()}`;
  const body = { ...definition({ id }), candidates: candidates.map((candidate) => ({ id: candidate })) };
  await api.post('/registry/announce').send(body).expect(200);
  return id;
}

const unavailable = async (call: Call, dependency: string): Promise<void> => {
  const answer = await call;
  expect([answer.status, answer.body.detail]).toEqual([503, `the ${dependency} cannot be used now`]);
  expect(Number(answer.get('retry-after'))).toBeGreaterThan(0);
};

const ends: (() => Promise<void>)[] = [];
const brokens: string[][] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  expect(brokens.splice(0).flat()).toEqual([]);
});
function running(addresses: Parameters<typeof createApi>[0]) {
  const world = createApi(addresses);
  ends.push(world.end);
  brokens.push(world.broken);
  return world;
}
/** A Redis of this test's own, to be killed. */
async function ownRedis() {
  const group = createProcessGroup();
  ends.push(() => group.stopAll());
  const directory = group.temporaryDirectory('loom-api-redis-');
  return startRedis({ group, program: testRedisProgram(), directory });
}

async function loseAllData(address: string): Promise<void> {
  const redis = connectRedis({ addr: address });
  await redis.connect();
  await redis.flushall();
  redis.disconnect();
}

/** A Temporal that has just started may take longer than a call may, for the first schedule by which it knows a store. */
beforeAll(async () => {
  const { api } = running({ redis: testRedisAddr(), temporal: testTemporalAddr() });
  const id = await announced(api, ['first']);
  const hasStarted = async () => {
    const { status } = await api.post(`/migrations/${id}/candidates/first/start`).send({});
    return status === 202 || status === 409;
  };
  await waitUntil('a first start', hasStarted, { timeoutMs: 50_000 });
}, 60_000);

describe('the api on real servers', () => {
  it('of 50 parallel starts of one candidate takes one, which is the one that runs', async () => {
    const { api, service } = running({ redis: testRedisAddr(), temporal: testTemporalAddr() });
    const id = await announced(api, ['c1']);
    const start = () => api.post(`/migrations/${id}/candidates/c1/start`).send({});
    const answers = await Promise.all(Array.from({ length: 50 }, start));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(49).fill(409)]);
    const codes = new Set(answers.filter(({ status }) => status === 409).map(({ body }) => body.code));
    expect([...codes]).toEqual(['candidate_already_running']);
    expect(await service.engine.describe(runId(id, 'c1'))).toMatchObject({ open: true, runAttempt: 1 });
    const { body } = await api.get(`/migrations/${id}`).expect(200);
    expect(body.counts).toMatchObject({ running: 1, not_started: 0 });
  });

  it('takes callbacks by their MAC, and cancels the very execution', async () => {
    const { api, service } = running({ redis: testRedisAddr(), temporal: testTemporalAddr() });
    const id = await announced(api, ['c1']);
    const candidate = `/migrations/${id}/candidates/c1`;
    await api.post(`${candidate}/start`).set('Idempotency-Key', 'k').expect(202);
    await api
      .post(`${candidate}/start`)
      .set('Idempotency-Key', 'k')
      .expect(202, { runId: runId(id, 'c1'), attempt: 1 });
    const address = { runId: runId(id, 'c1'), runAttempt: 1, stepIndex: 0, attempt: 1 };
    const nonce = (await service.reader.nonce(id, 'c1', 1)) ?? '';
    const event = { stepName: 'one', candidateId: 'c1', status: 'completed' };
    await api
      .post(`/event/${service.signer.sign(address, nonce)}`)
      .send(event)
      .expect(202);
    await api
      .post(`/event/${service.signer.sign(address, 'guessed')}`)
      .send(event)
      .expect(401);
    await api.post(`${candidate}/cancel`).send({ reason: 'enough' }).expect(204);
    await api.post(`${candidate}/cancel`).expect(204);
    expect((await api.post(`${candidate}/execute`).expect(409)).body.code).toBe('run_cancelling');
  });

  it('lists, filters and counts what it was sent', async () => {
    const { api } = running({ redis: testRedisAddr(), temporal: testTemporalAddr() });
    const id = await announced(api, []);
    const candidates = Array.from({ length: 60 }, (_, n) => ({
      id: `c${n}`,
      kind: 'app',
      metadata: { team: `t${n % 3}` },
    }));
    expect((await api.post(`/migrations/${id}/candidates`).send({ candidates }).expect(200)).body.added).toBe(
      60,
    );
    const page = await api.get(`/migrations/${id}/candidates?limit=15&meta[team]=t1`).expect(200);
    expect([page.body.candidates.length, page.body.total]).toEqual([15, 20]);
    const query = { limit: 15, 'meta[team]': 't1', cursor: page.body.nextCursor };
    const rest = await api.get(`/migrations/${id}/candidates`).query(query).expect(200);
    expect(rest.body.candidates).toHaveLength(5);
    const facets = await api.get(`/migrations/${id}/facets?keys=team`).expect(200);
    expect(facets.body.facets).toMatchObject([
      { key: 'team', values: [{ count: 20 }, { count: 20 }, { count: 20 }] },
    ]);
    expect(
      (await api.get(`/migrations/${id}/candidates?meta[owner]=x`).expect(400)).body.errors,
    ).toMatchObject([{ pointer: '/query/meta/owner' }]);
    await api.get(`/migrations/${id}/candidates?cursor=forged`).expect(400);
  });

  it.each([
    ['0.0.0.0', 401],
    ['127.0.0.1', 202],
  ])('that listens on %s answers %d to an event by a bare run id', async (host, status) => {
    const { api } = running({ redis: testRedisAddr(), temporal: testTemporalAddr(), host });
    const id = await announced(api, ['c1']);
    await api.post(`/migrations/${id}/candidates/c1/start`).expect(202);
    const event = { stepName: 'one', candidateId: 'c1', status: 'failed' };
    await api
      .post(`/event/${runId(id, 'c1')}`)
      .send(event)
      .expect(status);
  });

  it('does not promise a run that Temporal has of a store that lost everything', async () => {
    const redis = await ownRedis();
    const { api, service } = running({ redis: redis.address, temporal: testTemporalAddr() });
    const id = await announced(api, ['c1']);
    const candidate = `/migrations/${id}/candidates/c1`;
    await api.post(`${candidate}/start`).expect(202);
    const lost = await service.engine.describe(runId(id, 'c1'));
    await loseAllData(redis.address);
    const candidates = [{ id: 'c1' }];
    await api
      .post('/registry/announce')
      .send({ ...definition({ id }), candidates })
      .expect(200);
    const { body } = await api.post(`${candidate}/start`).expect(503);
    expect(body).toMatchObject({ code: 'dependency_unavailable' });
    expect(body.detail).toContain('the store has lost its data');
    expect((await api.get(candidate).expect(200)).body.status).toBe('not_started');
    expect(await service.engine.describe(runId(id, 'c1'))).toEqual(lost);
  });

  it('answers 503 while Redis is away, and recovers without a restart', async () => {
    const redis = await ownRedis();
    const { api } = running({ redis: redis.address, temporal: testTemporalAddr() });
    const id = await announced(api, ['c1']);
    await redisOnDisk(redis.port);
    await redis.kill();
    await unavailable(api.get('/migrations'), 'store');
    await unavailable(api.get(`/migrations/${id}/candidates`), 'store');
    await unavailable(api.get(`/migrations/${id}/events`), 'store');
    await unavailable(api.post(`/migrations/${id}/candidates/c1/start`), 'store');
    const event = { stepName: 'one', candidateId: 'c1', status: 'failed' };
    await unavailable(api.post(`/event/${runId(id, 'c1')}`).send(event), 'store');
    expect((await api.get('/readyz').expect(503)).text).toContain('"name":"redis","status":"down"');
    await api.get('/healthz').expect(200);
    await redis.restart();
    await until(200, () => api.get(`/migrations/${id}`));
    await api
      .post(`/migrations/${id}/candidates/c1/start`)
      .expect(202, { runId: runId(id, 'c1'), attempt: 1 });
    await until(200, () => api.get('/readyz'));
  });

  it('answers 503 while Temporal is away, loses no cancel, and recovers without a restart', async () => {
    const temporal = await startLink(testTemporalAddr());
    ends.push(() => temporal.down());
    const { api } = running({ redis: testRedisAddr(), temporal: temporal.address });
    const id = await announced(api, ['c1', 'c2']);
    const at = (candidate: string) => `/migrations/${id}/candidates/${candidate}`;
    await api.post(`${at('c1')}/start`).expect(202);
    await temporal.down();
    await unavailable(api.post(`${at('c2')}/start`).set('Idempotency-Key', 'k'), 'engine');
    await api
      .post(`${at('c1')}/cancel`)
      .send({ reason: 'why' })
      .expect(204);
    expect((await api.get('/readyz').expect(503)).text).toContain('"name":"temporal","status":"down"');
    expect((await api.get(at('c1')).expect(200)).text).toContain('cancelRequestedAt');
    await temporal.up();
    const started = await until(202, () => api.post(`${at('c2')}/start`).set('Idempotency-Key', 'k'));
    expect(started.body).toMatchObject({ runId: runId(id, 'c2') });
    await api.post(`${at('c1')}/cancel`).expect(204);
    await until(200, () => api.get('/readyz'));
  });
});
