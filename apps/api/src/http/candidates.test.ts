import { LIMITS } from '@loom/domain';
import { contractWorlds } from '../testing/http-world';
import { M, step } from '../testing/world';

const worldOf = contractWorlds();
async function httpWorld() {
  const world = worldOf();
  await world.announce();
  const list = (query = '') => world.api.get(`/migrations/${M}/candidates${query}`);
  const submit = (candidates: unknown, more: object = {}) =>
    world.api.post(`/migrations/${M}/candidates`).send({ candidates, ...more });
  return { ...world, list, submit };
}
const idsOf = (body: { candidates: { id: string }[] }): string[] => body.candidates.map(({ id }) => id);

const FULL = {
  id: 'c1',
  kind: 'application',
  metadata: { team: 'core' },
  state: { chart: 'none' },
  files: [{ name: 'prod', repo: 'gitops', files: [{ path: 'a.yaml', url: 'http://git/a' }] }],
  steps: [
    step('own', { description: 'd', type: 't', config: { a: 'b' }, files: ['http://x'], timeoutSeconds: 5 }),
  ],
};

describe('POST /migrations/{id}/candidates', () => {
  it('says what it did', async () => {
    const { submit, start } = await httpWorld();
    await submit([{ id: 'a' }, { id: 'b' }, { id: 'c' }]).expect(200, {
      added: 3,
      updated: 0,
      unchanged: 0,
      preserved: 0,
    });
    await start('c');
    const again = [{ id: 'a' }, { id: 'b', kind: 'x' }, { id: 'c', kind: 'x' }];
    await submit(again, { discoveryId: 'd1' }).expect(200, {
      added: 0,
      updated: 1,
      unchanged: 1,
      preserved: 1,
    });
    await submit([]).expect(200, { added: 0, updated: 0, unchanged: 0, preserved: 0 });
  });

  it('keeps every field of the contract and ignores all others', async () => {
    const { submit, api } = await httpWorld();
    await submit([{ ...FULL, status: 'completed', unknown: 1 }], { unknown: true }).expect(200);
    const { body } = await api.get(`/migrations/${M}/candidates/c1`).expect(200);
    expect(body).toEqual({ ...FULL, status: 'not_started', updatedAt: expect.any(String) as string });
  });

  it('takes null for an empty list', async () => {
    const { submit, list } = await httpWorld();
    await submit(null).expect(200, { added: 0, updated: 0, unchanged: 0, preserved: 0 });
    await submit([{ id: 'a', files: null, steps: null }]).expect(200);
    expect(idsOf((await list().expect(200)).body)).toEqual(['a']);
  });

  it.each([
    ['no list', undefined, '/candidates'],
    ['a list of something else', [3], '/candidates/0'],
    ['a malformed id', [{ id: 'ok' }, { id: 'a__b' }], '/candidates/1/id'],
    ['an id twice', [{ id: 'a' }, { id: 'a' }], '/candidates/1/id'],
    ['a number as metadata', [{ id: 'a', metadata: { 'x/y': 3 } }], '/candidates/0/metadata/x~1y'],
    ['a step without a migrator', [{ id: 'a', steps: [{ name: 's' }] }], '/candidates/0/steps/0/migratorApp'],
    ['a step name twice', [{ id: 'a', steps: [step('s'), step('s')] }], '/candidates/0/steps/1/name'],
  ])('refuses %s, points to it and writes nothing', async (_what, candidates, pointer) => {
    const { submit, list } = await httpWorld();
    const { body } = await submit(candidates).expect(400);
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    expect((await list().expect(200)).body.total).toBe(0);
  });

  it('takes 10,000 candidates and no more', async () => {
    const { submit } = await httpWorld();
    const many = Array.from({ length: LIMITS.candidatesPerSubmit + 1 }, (_, n) => ({ id: `c${n}` }));
    const { body } = await submit(many).expect(400);
    expect(body.errors).toMatchObject([{ pointer: '/candidates' }]);
    expect((await submit(many.slice(1)).expect(200)).body.added).toBe(LIMITS.candidatesPerSubmit);
  });

  it('refuses a candidate over 64 KiB by naming it', async () => {
    const { submit } = await httpWorld();
    const { body } = await submit([{ id: 'a' }, { id: 'b', kind: 'x'.repeat(LIMITS.candidateBytes) }]).expect(
      413,
    );
    expect(body).toMatchObject({ code: 'payload_too_large', errors: [{ pointer: '/candidates/1' }] });
  });

  it('of an unknown migration is 404', async () => {
    const { api } = await httpWorld();
    const { body } = await api
      .post('/migrations/nope/candidates')
      .send({ candidates: [{ id: 'a' }] })
      .expect(404);
    expect(body.code).toBe('migration_not_found');
  });
});

describe('GET /migrations/{id}/candidates/{cid}', () => {
  const runOf = (body: unknown) => (body as { run: Record<string, unknown> }).run;

  it('shows where its run stands, and never a secret', async () => {
    const { api, submit, service, worker, clock, callback } = await httpWorld();
    await submit([{ id: 'c1' }]);
    const get = () => api.get(`/migrations/${M}/candidates/c1`).expect(200);
    expect((await get()).body).not.toHaveProperty('run');
    const address = { migrationId: M, candidateId: 'c1' };
    await service.queue({ ...address, inputs: {} });
    expect((await get()).body).toMatchObject({
      status: 'queued',
      run: { runId: `${M}__c1`, attempt: 0, inputs: {} },
    });
    await service.start({ ...address, inputs: {}, from: 'queued' });
    const planned = {
      name: 'one',
      status: 'not_started',
      attempt: 0,
      since: clock.now(),
      lastHeardAt: clock.now(),
    };
    expect(runOf((await get()).body)).toEqual({
      runId: `${M}__c1`,
      attempt: 1,
      startedAt: clock.now(),
      inputs: {},
      currentStep: planned,
    });
    await worker.begin('c1');
    const heard = { updatedAt: '2026-01-01T00:00:05.000Z', lastHeardAt: '2026-01-01T00:00:09.000Z' };
    await worker.project('c1', 0, {
      status: 'failed',
      attempt: 2,
      reason: 'why',
      ...heard,
      lastEvent: { fingerprint: 'fp' },
    });
    await service.cancel({ ...address });
    const answer = await get();
    expect(answer.body).toMatchObject({
      attention: { kind: 'step_failed' },
      run: {
        cancelRequestedAt: clock.now(),
        currentStep: {
          name: 'one',
          status: 'failed',
          attempt: 2,
          since: heard.updatedAt,
          lastHeardAt: heard.lastHeardAt,
          reason: 'why',
        },
      },
    });
    expect(answer.text).not.toMatch(/nonce|fingerprint|"fp"|execution/);
    expect(await callback('c1')).toContain('~');
  });

  it('is 404 for what is unknown', async () => {
    const { api } = await httpWorld();
    expect((await api.get(`/migrations/${M}/candidates/nope`).expect(404)).body.code).toBe(
      'candidate_not_found',
    );
    expect((await api.get('/migrations/nope/candidates/c').expect(404)).body.code).toBe(
      'migration_not_found',
    );
    await api.get(`/migrations/${M}/candidates/a__b`).expect(400);
  });
});

describe('GET /migrations/{id}/candidates/{cid}/steps', () => {
  it('is the plan with what each step has reached', async () => {
    const { api, submit, start, worker } = await httpWorld();
    await submit([{ id: 'c1' }]);
    await start('c1');
    await worker.begin('c1');
    const seen = {
      startedAt: '2026-01-01T00:00:01.000Z',
      updatedAt: '2026-01-01T00:00:02.000Z',
      lastHeardAt: '2026-01-01T00:00:02.000Z',
    };
    await worker.project('c1', 0, {
      status: 'open',
      attempt: 1,
      metadata: { prUrl: 'http://git/1' },
      lastEvent: { fingerprint: 'fp' },
      ...seen,
    });
    const { body } = await api.get(`/migrations/${M}/candidates/c1/steps`).expect(200);
    expect(body).toEqual({
      runId: `${M}__c1`,
      attempt: 1,
      status: 'running',
      steps: [
        {
          stepName: 'one',
          status: 'open',
          attempt: 1,
          metadata: { prUrl: 'http://git/1' },
          startedAt: seen.startedAt,
          updatedAt: seen.updatedAt,
          lastHeardAt: seen.lastHeardAt,
        },
        { stepName: 'two', status: 'not_started', attempt: 0 },
      ],
    });
    await worker.complete('c1');
    expect((await api.get(`/migrations/${M}/candidates/c1/steps`).expect(200)).body.status).toBe('completed');
  });

  it('is 404 run_not_found while nothing ran, and names what is unknown', async () => {
    const { api, submit, service } = await httpWorld();
    await submit([{ id: 'c1' }]);
    const codeAt = async (path: string) => (await api.get(path).expect(404)).body.code;
    expect(await codeAt(`/migrations/${M}/candidates/c1/steps`)).toBe('run_not_found');
    await service.queue({ migrationId: M, candidateId: 'c1', inputs: {} });
    expect(await codeAt(`/migrations/${M}/candidates/c1/steps`)).toBe('run_not_found');
    expect(await codeAt(`/migrations/${M}/candidates/nope/steps`)).toBe('candidate_not_found');
    expect(await codeAt('/migrations/nope/candidates/c1/steps')).toBe('migration_not_found');
  });
});
