import { LIMITS, type StepEvent } from '@loom/domain';
import type { ServiceDeps } from '../service/deps';
import { contractWorlds, type HttpWorldOptions } from '../testing/http-world';
import { M, RUN, definition, step } from '../testing/world';

const worldOf = contractWorlds();
function httpWorld(options: HttpWorldOptions = {}) {
  const world = worldOf(options);
  const announceOver = (body: object) => world.api.post('/registry/announce').send(body);
  return { ...world, announceOver };
}

describe('POST /registry/announce', () => {
  it('answers with the migration as registered, and is idempotent', async () => {
    const { announceOver, clock } = httpWorld();
    const first = await announceOver(definition()).expect(200);
    expect(first.body).toMatchObject({ ...definition(), revision: 1, counts: { total: 0 } });
    clock.advance(1000);
    const again = await announceOver(definition()).expect(200);
    expect(again.body).toEqual({ ...first.body, lastAnnouncedAt: clock.now() });
  });

  it('takes only what the contract requires, and ignores what it does not name', async () => {
    const { announceOver } = httpWorld();
    const least = {
      id: M,
      name: 'n',
      migratorUrl: 'http://m.test',
      steps: [step('one', { migratorApp: 'of-the-step' })],
    };
    const { body } = await announceOver({ ...least, unknown: { deep: [1] }, counts: 7 }).expect(200);
    expect(body).toMatchObject({ description: '', migratorApp: 'of-the-step', counts: { total: 0 } });
  });

  it('merges its candidates, whatever status they claim', async () => {
    const { announceOver, api } = httpWorld();
    const candidates = [
      { id: 'c1', status: 'completed' },
      { id: 'c2', steps: [step('own')] },
    ];
    expect((await announceOver({ ...definition(), candidates }).expect(200)).body.counts).toMatchObject({
      not_started: 2,
      total: 2,
    });
    expect((await api.get(`/migrations/${M}/candidates/c1`).expect(200)).body.status).toBe('not_started');
  });

  it('understands the earlier names of a worker, and null for an empty list', async () => {
    const { announceOver, api } = httpWorld();
    const old = {
      id: M,
      name: 'n',
      description: 'd',
      overview: null,
      requiredInputs: null,
      workerUrl: 'http://worker.test:1',
      steps: [{ name: 'one', workerApp: 'charts', files: null }],
      candidates: [{ id: 'c1', files: null, steps: null, status: 'not_started' }],
    };
    const { body } = await announceOver(old).expect(200);
    expect(body).toMatchObject({
      migratorApp: 'charts',
      migratorUrl: 'http://worker.test:1',
      overview: [],
      steps: [{ name: 'one', migratorApp: 'charts' }],
      counts: { total: 1 },
    });
    expect(
      (await announceOver({ ...old, steps: null, workerApp: 'charts', candidates: null }).expect(200)).body
        .steps,
    ).toEqual([]);
    await api.get(`/migrations/${M}/candidates/c1`).expect(200);
  });

  it.each([
    ['no id', { id: undefined }, '/id'],
    ['a malformed id', { id: 'a__b' }, '/id'],
    ['no name', { name: '' }, '/name'],
    ['a relative URL', { migratorUrl: '/here' }, '/migratorUrl'],
    ['a URL without a host', { migratorUrl: 'http://:1' }, '/migratorUrl'],
    ['a URL of another protocol', { migratorUrl: 'ftp://m.test' }, '/migratorUrl'],
    ['a step name twice', { steps: [step('one'), step('one')] }, '/steps/1/name'],
    ['201 steps', { steps: Array.from({ length: 201 }, (_, n) => step(`s${n}`)) }, '/steps'],
    ['a step without a migrator', { steps: [{ name: 'one' }] }, '/steps/0/migratorApp'],
    ['a deadline of no time', { steps: [step('one', { timeoutSeconds: 0 })] }, '/steps/0/timeoutSeconds'],
    ['no migrator at all', { migratorApp: undefined, steps: [] }, '/migratorApp'],
    ['a candidate twice', { candidates: [{ id: 'a' }, { id: 'a' }] }, '/candidates/1/id'],
    ['an input without a label', { requiredInputs: [{ name: 'a' }] }, '/requiredInputs/0/label'],
  ])('refuses %s, points to it and registers nothing', async (_what, over, pointer) => {
    const { announceOver, api } = httpWorld();
    const { body } = await announceOver({ ...definition(), ...over }).expect(400);
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    expect((await api.get('/migrations').expect(200)).body.migrations).toEqual([]);
  });

  it.each(['http://169.254.169.254/', 'http://[fe80::1]/', 'http://metadata.google.internal'])(
    'refuses %s with a code of its own',
    async (migratorUrl) => {
      const { announceOver } = httpWorld();
      expect((await announceOver({ ...definition(), migratorUrl }).expect(400)).body.code).toBe(
        'migrator_url_not_allowed',
      );
    },
  );

  it('refuses a definition over 512 KiB and a candidate over 64 KiB', async () => {
    const { announceOver } = httpWorld();
    const definitionAnswer = await announceOver({
      ...definition(),
      description: 'x'.repeat(LIMITS.definitionBytes),
    }).expect(413);
    expect(definitionAnswer.body.code).toBe('payload_too_large');
    const large = { id: 'c', kind: 'x'.repeat(LIMITS.candidateBytes) };
    expect(
      (await announceOver({ ...definition(), candidates: [large] }).expect(413)).body.errors,
    ).toMatchObject([{ pointer: '/candidates/0' }]);
  });
});

describe('POST /event/{callbackId}', () => {
  const completed: StepEvent = { stepName: 'one', candidateId: 'c1', status: 'completed' };

  async function runningWorld(deps: Partial<ServiceDeps> = {}) {
    const world = httpWorld({ deps });
    await world.announce({}, [{ id: 'c1' }]);
    await world.start('c1');
    await world.worker.begin('c1');
    const raise = (callbackId: string, body: object = completed) =>
      world.api.post(`/event/${encodeURIComponent(callbackId)}`).send(body);
    const signalled = () => world.engine.messages.map(({ message }) => message.payload);
    return { ...world, raise, signalled, id: await world.callback('c1') };
  }

  it('is taken, with all that it says', async () => {
    const { raise, id, signalled } = await runningWorld();
    const body = { ...completed, metadata: { commitSha: 'abc' }, reason: 'because', eventId: 'e1' };
    await raise(id, { ...body, unknown: true }).expect(202, { status: 'event raised' });
    expect(signalled()).toEqual([{ ...body, runAttempt: 1, stepIndex: 0, attempt: 1 }]);
  });

  it('needs no encoding of its id, and no other credential', async () => {
    const { api, id } = await runningWorld();
    await api.post(`/event/${id}`).send(completed).expect(202);
    await api
      .post(`/event/${id}`)
      .set('authorization', 'Bearer of-somebody-else')
      .send(completed)
      .expect(202);
    await api.post(`/event/${id}`).auth('loom', 'key').send(completed).expect(202);
    await api.post(`/event/${id}`).set('authorization', 'nonsense').send(completed).expect(202);
  });

  it.each([
    [{ status: 'succeeded' }, 'completed'],
    [{ status: 'pending', metadata: { prUrl: 'http://git/1' } }, 'open'],
    [{ status: 'pending' }, 'awaiting_review'],
    [{ success: false }, 'failed'],
    [{ success: true }, 'completed'],
    [{ success: true, phase: 'open' }, 'open'],
    [{ success: true, phase: 'merged' }, 'merged'],
  ])('understands %j', async (said, status) => {
    const { raise, id, signalled } = await runningWorld();
    await raise(id, { stepName: 'one', candidateId: 'c1', ...said }).expect(202);
    expect(signalled()).toMatchObject([{ status }]);
  });

  it.each([
    ['no status', { status: undefined }, '/status'],
    ['an unknown status', { status: 'in_progress' }, '/status'],
    ['no step', { stepName: undefined }, '/stepName'],
    ['a number as metadata', { metadata: { a: 1 } }, '/metadata/a'],
    ['an attempt 0', { attempt: 0 }, '/attempt'],
  ])('refuses %s', async (_what, over, pointer) => {
    const { raise, id, signalled } = await runningWorld();
    const { body } = await raise(id, { ...completed, ...over }).expect(400);
    expect(body).toMatchObject({ instance: '/event', errors: [{ pointer }] });
    expect(signalled()).toEqual([]);
  });

  it('is 401 with a bad MAC, 404 without a run, 409 when it is proven old, and tells no id', async () => {
    const { raise, id, worker } = await runningWorld();
    const mac = id.slice(id.lastIndexOf('~') + 1);
    const answers = [await raise(`${id}0`).expect(401), await raise(id.replace(M, 'm2')).expect(404)];
    await worker.project('c1', 0, { status: 'failed', attempt: 1 });
    answers.push(await raise(id).expect(409));
    expect(answers.map(({ body }) => body.code)).toEqual([
      'unauthenticated',
      'run_not_found',
      'event_not_expected',
    ]);
    expect(answers[2]?.body).toMatchObject({ runId: RUN('c1'), attempt: 1 });
    for (const { text, body } of answers) {
      expect(body.instance).toBe('/event');
      expect(text).not.toContain(mac);
    }
  });

  it('never puts its id into a log line, whatever comes of it', async () => {
    const { raise, id, engine, logger, api } = await runningWorld();
    const mac = id.slice(id.lastIndexOf('~') + 1);
    await raise(id).expect(202);
    await raise(`${id}x`).expect(401);
    engine.fail({ certain: true });
    await raise(id).expect(503);
    jest.spyOn(engine, 'signal').mockRejectedValue(new Error('broke'));
    await raise(id).expect(500);
    await api.get(`/event/${id}`).expect(405);
    await api.post(`/event/${id}/more`).expect(404);
    expect(logger.lines.filter(({ message }) => message === 'request')).toHaveLength(6);
    expect(JSON.stringify(logger.lines)).not.toContain(mac);
    expect(JSON.stringify(logger.lines)).toContain('/event/:callbackId');
  });

  it('is refused over 64 KiB', async () => {
    const { raise, id } = await runningWorld();
    const { body } = await raise(id, { ...completed, reason: 'x'.repeat(LIMITS.eventBytes) }).expect(413);
    expect(body).toMatchObject({ code: 'payload_too_large', instance: '/event' });
    await raise(id, { ...completed, reason: 'x'.repeat(LIMITS.eventBytes - 200) }).expect(202);
  });

  it('takes a bare run id, for the attempts that its body names or the current ones', async () => {
    const { raise, signalled, worker } = await runningWorld();
    await worker.project('c1', 0, { status: 'in_progress', attempt: 2 });
    await raise(RUN('c1')).expect(202);
    await raise(RUN('c1'), { ...completed, runAttempt: 1, attempt: 2 }).expect(202);
    await raise(RUN('c1'), { ...completed, runAttempt: 1, attempt: 1 }).expect(409);
    await raise(RUN('nope')).expect(404);
    expect(signalled()).toEqual(Array(2).fill({ ...completed, runAttempt: 1, stepIndex: 0, attempt: 2 }));
  });

  it('by a bare run id is a 401 that says so, where other machines can call', async () => {
    const { raise, id } = await runningWorld({ anonymousMayReport: false });
    const { body } = await raise(RUN('c1')).expect(401);
    expect(body).toMatchObject({
      code: 'unauthenticated',
      instance: '/event',
      detail: expect.stringMatching(/loopback.*callbackId/) as string,
    });
    await raise(id).expect(202);
  });

  it('is to be sent again while the engine is away', async () => {
    const { raise, id, engine } = await runningWorld();
    engine.fail({ certain: true });
    expect((await raise(id).expect(503)).get('retry-after')).toBeDefined();
    engine.recover();
    await raise(id).expect(202);
  });
});
