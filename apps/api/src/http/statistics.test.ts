import type { StepFact } from '@loom/domain';
import { createHttpWorld } from '../testing/http-world';
import { M, step } from '../testing/world';

const DAY = 86_400_000;
const NONE = { started: 0, completed: 0, cancelled: 0, opened: 0, passed: 0, failed: 0 };

let world: ReturnType<typeof createHttpWorld>;
beforeEach(() => {
  world = createHttpWorld();
});
afterEach(() => expect(world.broken).toEqual([]));

/** Shows that these facts happened to a run, which ended with them if `isEnd`. */
async function show(candidateId: string, facts: Partial<StepFact>[], isEnd = false): Promise<void> {
  const run = await world.run(candidateId);
  if (run === undefined) throw new Error('there is no run');
  const at = world.clock.now();
  const { steps, currentStep, inputs, attempt: runAttempt } = run;
  const view = { migrationId: M, candidateId, runAttempt, seq: run.seq + 1, steps, currentStep, inputs, at };
  const whole = facts.map((fact): StepFact => ({
    seq: view.seq,
    stepName: 'one',
    attempt: 1,
    kind: 'passed',
    startedAt: at,
    at,
    ...fact,
  }));
  await world.stores.ledger[isEnd ? 'complete' : 'project']({ ...view, facts: whole });
}

const after = (ms: number) => new Date(Date.parse(world.clock.now()) + ms).toISOString();

describe('GET /statistics/overview', () => {
  it('is zeros without means while nothing happened', async () => {
    const { body } = await world.api.get('/statistics/overview').expect(200);
    expect(body).toEqual({
      migrations: { total: 0, notStarted: 0, inProgress: 0, completed: 0 },
      candidates: { not_started: 0, queued: 0, running: 0, completed: 0, total: 0, attention: 0 },
      today: NONE,
      last7Days: NONE,
      last30Days: NONE,
    });
  });

  it('tells where all stand, and what happened today, in 7 and in 30 days', async () => {
    await world.announce({ id: 'other' });
    await world.announce({}, [{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    await world.start('a');
    world.clock.advance(10 * DAY);
    await world.start('b');
    await show('b', [{ kind: 'failed' }, { kind: 'passed' }, { kind: 'opened' }]);
    world.clock.advance(2 * DAY);
    await show('a', [], true);
    const { body } = await world.api.get('/statistics/overview').expect(200);
    const today = { ...NONE, completed: 1, meanRunSeconds: (12 * DAY) / 1000 };
    const week = { ...today, started: 1, opened: 1, passed: 1, failed: 1, failureRate: 0.5 };
    expect(body).toEqual({
      migrations: { total: 2, notStarted: 1, inProgress: 1, completed: 0 },
      candidates: { not_started: 1, queued: 0, running: 1, completed: 1, total: 3, attention: 0 },
      today,
      last7Days: week,
      last30Days: { ...week, started: 2 },
    });
  });
});

describe('GET /migrations/{id}/statistics', () => {
  it("lists the definition's steps in its order, then those of candidates' own lists", async () => {
    await world.announce({}, [{ id: 'a' }, { id: 'b', steps: [step('own')] }]);
    await world.start('a');
    await world.start('b');
    await show('b', [{ stepName: 'own' }]);
    await show('a', [
      { stepName: 'two', kind: 'failed', at: after(4000) },
      { stepName: 'two', attempt: 2, at: after(8000) },
      { stepName: 'two', attempt: 2, kind: 'opened' },
    ]);
    const { body } = await world.api.get(`/migrations/${M}/statistics`).expect(200);
    const { steps, ...rest } = body as unknown as { steps: { p50Seconds: number; p95Seconds: number }[] };
    expect(rest).toEqual({ migrationId: M, runs: { count: 0 } });
    expect(steps).toMatchObject([
      { stepName: 'one', inDefinition: true, attempts: 0, opened: 0, passed: 0, failed: 0 },
      {
        ...{ stepName: 'two', inDefinition: true, attempts: 2, opened: 1, passed: 1, failed: 1 },
        ...{ failureRate: 0.5, meanSeconds: 6 },
      },
      { stepName: 'own', inDefinition: false, attempts: 1, failureRate: 0 },
    ]);
    expect(steps[0]).not.toHaveProperty('meanSeconds');
    expect(steps[1]?.p50Seconds).toBeCloseTo(4, 0);
    expect(steps[1]?.p95Seconds).toBeCloseTo(8, 0);
  });
});

describe('GET /migrations/{id}/burndown', () => {
  it('has an entry a day up to today, which is as of now', async () => {
    await world.announce({}, [{ id: 'a' }, { id: 'b' }]);
    world.clock.advance(2 * DAY);
    await world.start('a');
    await show('a', [], true);
    const { body } = await world.api.get(`/migrations/${M}/burndown?days=4`).expect(200);
    expect(body).toEqual({
      migrationId: M,
      days: [
        { day: '2025-12-31', total: 0, completed: 0, remaining: 0 },
        { day: '2026-01-01', total: 2, completed: 0, remaining: 2 },
        { day: '2026-01-02', total: 2, completed: 0, remaining: 2 },
        { day: '2026-01-03', total: 2, completed: 1, remaining: 1 },
      ],
    });
  });
});

describe('GET /statistics/timeline', () => {
  it('has 30 days unless asked otherwise, of all or of one migration', async () => {
    await world.announce({ id: 'other' });
    await world.announce({}, [{ id: 'a' }]);
    await world.start('a');
    const all = await world.api.get('/statistics/timeline').expect(200);
    const { days } = all.body as unknown as { days: { day: string }[] };
    expect(days).toHaveLength(30);
    expect(days[0]).toEqual({ day: '2025-12-03', ...NONE });
    expect(days[29]).toEqual({ day: '2026-01-01', ...NONE, started: 1 });
    const other = await world.api.get('/statistics/timeline?days=1&migrationId=other').expect(200);
    expect(other.body).toEqual({ days: [{ day: '2026-01-01', ...NONE }] });
    const year = await world.api.get('/statistics/timeline?days=365').expect(200);
    expect((year.body as unknown as { days: unknown[] }).days).toHaveLength(365);
  });
});

describe('GET /statistics/failures', () => {
  it('pages them, the newest first, of all or of one migration', async () => {
    await world.announce({ id: 'other' });
    await world.announce({}, [{ id: 'a' }]);
    await world.start('a');
    await show('a', [{ kind: 'failed', reason: 'first' }]);
    await show('a', [{ kind: 'failed', attempt: 2, at: after(9000) }]);
    const newest = await world.api.get('/statistics/failures?limit=1').expect(200);
    const where = { runId: `${M}__a`, migrationId: M, candidateId: 'a', runAttempt: 1, stepName: 'one' };
    const { failures, nextCursor = '' } = newest.body as unknown as {
      failures: unknown[];
      nextCursor?: string;
    };
    expect(failures).toEqual([{ ...where, attempt: 2, at: after(9000) }]);
    const older = await world.api
      .get('/statistics/failures')
      .query({ limit: 1, cursor: nextCursor })
      .expect(200);
    expect(older.body).toEqual({ failures: [{ ...where, attempt: 1, at: after(0), reason: 'first' }] });
    const other = await world.api.get('/statistics/failures?migrationId=other').expect(200);
    expect(other.body).toEqual({ failures: [] });
  });
});

describe('statistics', () => {
  it.each([
    ['/statistics/timeline?days=0', '/query/days'],
    ['/statistics/timeline?days=366', '/query/days'],
    ['/statistics/timeline?days=x', '/query/days'],
    ['/statistics/timeline?migrationId=a__b', '/query/migrationId'],
    ['/statistics/failures?limit=1001', '/query/limit'],
    ['/statistics/failures?cursor=x', '/query/cursor'],
    ['/statistics/failures?days=3', '/query/days'],
    ['/statistics/overview?days=3', '/query/days'],
    [`/migrations/${M}/burndown?days=366`, '/query/days'],
    [`/migrations/${M}/statistics?days=1`, '/query/days'],
  ])('refuse %s, and point to it', async (path, pointer) => {
    await world.announce();
    const { body } = await world.api.get(path).expect(400);
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
  });

  it.each([
    '/statistics/timeline?migrationId=no',
    '/statistics/failures?migrationId=no',
    '/migrations/no/statistics',
    '/migrations/no/burndown',
  ])('know of no other migration: %s', async (path) => {
    expect((await world.api.get(path).expect(404)).body.code).toBe('migration_not_found');
  });
});
