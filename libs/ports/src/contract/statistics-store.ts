import type { StepFact } from '@loom/domain';
import { FAILURES_KEPT, STEP_NAMES_KEPT } from '../statistics-store';
import { Fleet, rejectionOf } from './fleet';
import { dayAt, fact, StatisticsFleet } from './statistics-fleet';
import { describeStatisticsProperty } from './statistics-property';
import { useStores, type MakeStores } from './stores-under-test';

const NOTHING = {
  started: 0,
  completed: 0,
  cancelled: 0,
  opened: 0,
  passed: 0,
  failed: 0,
  runMs: 0,
};
const MINUTE = 60_000;

/** What every StatisticsStore does. */
export function describeStatisticsStore(name: string, make: MakeStores): void {
  describe(`${name} as a StatisticsStore`, () => {
    describeDays(make);
    describeFacts(make);
    describeFailures(make);
    describeTotals(make);
    describeStatisticsProperty(make);
  });
}

function describeDays(make: MakeStores): void {
  describe('days', () => {
    const stores = useStores(make);

    it('tell what happened on each, zeros included, of one migration and of all', async () => {
      const one = await new StatisticsFleet(stores, 'one').with('a', 'b', 'c');
      const two = await new StatisticsFleet(stores, 'two').with('a');
      for (const id of ['a', 'b', 'c']) await one.start(id, dayAt(1));
      await one.complete('a', 1, dayAt(3, 90 * MINUTE));
      await one.settle('b', dayAt(3));
      await two.start('a', dayAt(3));
      const days = [
        { day: '2026-03-01', ...NOTHING, started: 3 },
        { day: '2026-03-02', ...NOTHING },
        {
          day: '2026-03-03',
          ...NOTHING,
          completed: 1,
          cancelled: 1,
          runMs: 2 * 24 * 60 * MINUTE + 90 * MINUTE,
        },
      ];
      const span = { until: dayAt(3), days: 3 };
      expect(await stores.statistics.activity({ migrationId: 'one' }, span)).toEqual(days);
      const [first, second, third] = days;
      expect(await stores.statistics.activity('all', span)).toEqual([
        first,
        second,
        { ...third, started: 1 },
      ]);
      expect(await stores.statistics.activity('all', { until: dayAt(9), days: 1 })).toEqual([
        { day: '2026-03-09', ...NOTHING },
      ]);
    });

    it('count no start that was given back, nor a repeat of what ended', async () => {
      const fleet = await new StatisticsFleet(stores).with('a', 'b');
      const manifest = await fleet.start('a', dayAt(1));
      await stores.runs.giveBack(manifest, dayAt(2));
      await stores.runs.giveBack(manifest, dayAt(2));
      await fleet.start('b', dayAt(2));
      for (let i = 0; i < 3; i += 1) await fleet.complete('b', 1, dayAt(2));
      await fleet.start('a', dayAt(2));
      for (let i = 0; i < 3; i += 1) await fleet.settle('a', dayAt(2), 2);
      for (const scope of ['all', { migrationId: 'move' }] as const) {
        expect(await stores.statistics.activity(scope, { until: dayAt(2), days: 2 })).toEqual([
          { day: '2026-03-01', ...NOTHING },
          { day: '2026-03-02', ...NOTHING, started: 2, completed: 1, cancelled: 1 },
        ]);
      }
    });

    it('count a run that is restored where it started, once', async () => {
      const fleet = await new StatisticsFleet(stores).with('a');
      const { manifest } = await fleet.fleet.draft('a', { reservedAt: dayAt(1) });
      const view = fleet.fleet.view('a', 3, {}, { at: dayAt(2), runAttempt: 4 });
      const restored = { manifest: { ...manifest, runAttempt: 4 }, executionId: 'x', view };
      for (let i = 0; i < 2; i += 1) await stores.census.restore(restored);
      expect(await stores.statistics.activity('all', { until: dayAt(2), days: 2 })).toEqual([
        { day: '2026-03-01', ...NOTHING, started: 1 },
        { day: '2026-03-02', ...NOTHING },
      ]);
    });

    it('burn down: a day without a change is as the one before it', async () => {
      const fleet = await new StatisticsFleet(stores).with();
      await stores.candidates.submit('move', [{ id: 'a' }, { id: 'b' }], dayAt(2));
      await fleet.start('a', dayAt(2));
      await fleet.complete('a', 1, dayAt(4));
      await stores.candidates.submit('move', [{ id: 'c' }], dayAt(5));
      const selection = { ids: ['b', 'c'] };
      const request = { selection, at: dayAt(7), preview: false, allowEmpty: false, most: 9 };
      await stores.candidates.prune('move', request);
      const days = [
        { day: '2026-03-01', total: 0, completed: 0 },
        { day: '2026-03-02', total: 2, completed: 0 },
        { day: '2026-03-03', total: 2, completed: 0 },
        { day: '2026-03-04', total: 2, completed: 1 },
        { day: '2026-03-05', total: 3, completed: 1 },
        { day: '2026-03-06', total: 3, completed: 1 },
        { day: '2026-03-07', total: 1, completed: 1 },
      ];
      expect(await stores.statistics.burndown('move', { until: dayAt(7), days: 7 })).toEqual(days);
      expect(await stores.statistics.burndown('move', { until: dayAt(6), days: 2 })).toEqual(
        days.slice(4, 6),
      );
    });

    it('are kept for 400 days, and the last state for as long as nothing changes', async () => {
      const fleet = await new StatisticsFleet(stores).with();
      await stores.candidates.submit('move', [{ id: 'a' }, { id: 'b' }, { id: 'c' }], dayAt(1));
      await fleet.start('a', dayAt(1));
      await fleet.start('b', dayAt(400));
      const activity = (day: number) => stores.statistics.activity('all', { until: dayAt(day), days: 1 });
      expect(await activity(1)).toMatchObject([{ started: 1 }]);
      await fleet.start('c', dayAt(401));
      await fleet.complete('c', 1, dayAt(402));
      expect(await activity(1)).toMatchObject([{ started: 0 }]);
      expect(await activity(400)).toMatchObject([{ started: 1 }]);
      const burndown = await stores.statistics.burndown('move', { until: dayAt(402), days: 365 });
      expect(burndown.slice(-4).map(({ completed }) => completed)).toEqual([0, 0, 0, 1]);
      expect(burndown.at(-3)).toMatchObject({ total: 3 });
    });

    it('are empty of what is unknown', async () => {
      const scope = { migrationId: 'nothing' };
      const span = { until: dayAt(1), days: 1 };
      const { statistics } = stores;
      expect(await statistics.activity(scope, span)).toEqual([{ day: '2026-03-01', ...NOTHING }]);
      expect(await statistics.burndown('nothing', span)).toMatchObject([{ total: 0 }]);
      expect(await statistics.durations('nothing')).toEqual({ runs: { count: 0 }, steps: [] });
      expect(await statistics.failures(scope, { limit: 9 })).toEqual({ rows: [] });
    });
  });
}

function describeFacts(make: MakeStores): void {
  describe('facts of step attempts', () => {
    const stores = useStores(make);

    it('count once, also those of views that the store never saw', async () => {
      const fleet = await new StatisticsFleet(stores).with('a');
      await fleet.start('a', dayAt(1));
      const facts = [
        fact(2, 'opened', 'first'),
        fact(3, 'failed', 'first', { ms: 10 * MINUTE }),
        fact(5, 'passed', 'first', { ms: 20 * MINUTE, attempt: 2 }),
        fact(6, 'failed', 'second \t\n"ü"', { ms: MINUTE, reason: 'no' }),
      ];
      await fleet.project('a', 5, facts.slice(0, 3), dayAt(1));
      await fleet.project('a', 5, facts.slice(0, 3), dayAt(1));
      await fleet.project('a', 3, facts.slice(0, 2), dayAt(1));
      await fleet.project('a', 6, facts, dayAt(2));
      await fleet.settle('a', dayAt(2), 1, [...facts, fact(7, 'opened', 'second \t\n"ü"')]);
      await fleet.settle('a', dayAt(2), 1, [...facts, fact(8, 'failed', 'first')]);
      expect(await stores.statistics.activity('all', { until: dayAt(2), days: 2 })).toEqual([
        { day: '2026-03-01', ...NOTHING, started: 1, opened: 1, passed: 1, failed: 1 },
        { day: '2026-03-02', ...NOTHING, opened: 1, failed: 1, cancelled: 1 },
      ]);
      const { steps } = await stores.statistics.durations('move');
      expect(steps).toMatchObject([
        {
          stepName: 'first',
          opened: 1,
          passed: 1,
          failed: 1,
          durations: { count: 2, mean: 15 * MINUTE },
        },
        { stepName: 'second \t\n"ü"', opened: 1, passed: 0, failed: 1, durations: { count: 1 } },
      ]);
      const { p50 = 0, p95 = 0 } = steps[0]?.durations ?? {};
      expect(Math.abs(p50 / (10 * MINUTE) - 1)).toBeLessThan(0.05);
      expect(Math.abs(p95 / (20 * MINUTE) - 1)).toBeLessThan(0.05);
    });

    it('count with the end of a run, which is measured whole', async () => {
      const fleet = await new StatisticsFleet(stores).with('a');
      await fleet.start('a', dayAt(1));
      const facts = [fact(1, 'passed', 'first', { ms: 5 })];
      for (let i = 0; i < 2; i += 1) await fleet.complete('a', 1, dayAt(1, 40 * MINUTE), facts);
      const { runs, steps } = await stores.statistics.durations('move');
      expect(runs).toMatchObject({ count: 1, mean: 40 * MINUTE });
      expect(steps).toMatchObject([{ stepName: 'first', passed: 1, durations: { count: 1, mean: 5 } }]);
    });

    it('are told apart by name up to a limit, and counted together beyond it', async () => {
      const fleet = await new StatisticsFleet(stores).with('a');
      await fleet.start('a', dayAt(1));
      const facts = Array.from({ length: STEP_NAMES_KEPT + 2 }, (_, i) => fact(1, 'passed', `s${i}`));
      await fleet.project('a', 1, facts, dayAt(1));
      await fleet.project('a', 2, [fact(2, 'failed', 's0'), fact(2, 'failed', 'new')], dayAt(1));
      const { steps, others } = await stores.statistics.durations('move');
      expect(steps).toHaveLength(STEP_NAMES_KEPT);
      expect(steps[0]).toMatchObject({ stepName: 's0', passed: 1, failed: 1 });
      expect(steps.at(-1)).toMatchObject({ stepName: `s${STEP_NAMES_KEPT - 1}`, passed: 1 });
      expect(others).toMatchObject({ passed: 2, failed: 1, durations: { count: 3 } });
    });
  });
}

function describeFailures(make: MakeStores): void {
  describe('failures', () => {
    const stores = useStores(make);
    const namesOf = async (scope: 'all' | { migrationId: string }, limit: number) => {
      const names: string[] = [];
      for (let cursor: string | undefined, more = true; more;) {
        const page = await stores.statistics.failures(scope, {
          limit,
          ...(cursor === undefined ? {} : { cursor }),
        });
        names.push(...page.rows.map(({ stepName }) => stepName));
        cursor = page.nextCursor;
        more = cursor !== undefined;
      }
      return names;
    };

    it('are listed newest first, in pages, of one migration and of all', async () => {
      const one = await new StatisticsFleet(stores, 'one').with('a');
      const two = await new StatisticsFleet(stores, 'two').with('b');
      await one.start('a', dayAt(1));
      await two.start('b', dayAt(1));
      const failed = (seq: number, name: string, over: Partial<StepFact> = {}) =>
        fact(seq, 'failed', name, { ms: seq * MINUTE, reason: `${name} "\ud800 ✓`, ...over });
      await one.project('a', 1, [failed(1, 'x1')], dayAt(1));
      await two.project('b', 2, [failed(2, 'x2'), failed(2, 'x3')], dayAt(1));
      await one.project('a', 5, [failed(1, 'x1'), failed(4, 'x4', { attempt: 3 })], dayAt(1));
      expect(await namesOf('all', 1)).toEqual(['x4', 'x3', 'x2', 'x1']);
      expect(await namesOf('all', 2)).toEqual(['x4', 'x3', 'x2', 'x1']);
      expect(await namesOf({ migrationId: 'two' }, 1)).toEqual(['x3', 'x2']);
      const { rows } = await stores.statistics.failures({ migrationId: 'one' }, { limit: 1 });
      const reason = 'x4 "\ud800 ✓';
      const where = { migrationId: 'one', candidateId: 'a', runAttempt: 1, stepName: 'x4', attempt: 3 };
      expect(rows).toEqual([{ ...where, at: dayAt(1, 4 * MINUTE), reason }]);
    });

    it(`are kept up to ${FAILURES_KEPT}`, async () => {
      const fleet = await new StatisticsFleet(stores).with('a');
      await fleet.start('a', dayAt(1));
      const facts = Array.from({ length: FAILURES_KEPT + 7 }, (_, i) => fact(1, 'failed', 'x', { ms: i }));
      await fleet.project('a', 1, facts, dayAt(1));
      for (const scope of ['all', { migrationId: 'move' }] as const) {
        const { rows } = await stores.statistics.failures(scope, { limit: 2000 });
        expect(rows).toHaveLength(FAILURES_KEPT);
        expect(rows.at(-1)?.at).toBe(dayAt(1, 7));
      }
      expect(await stores.statistics.activity('all', { until: dayAt(1), days: 1 })).toMatchObject([
        { failed: FAILURES_KEPT + 7 },
      ]);
    });

    it('end where a cursor names what is no longer kept, and refuse a cursor of another list', async () => {
      const fleet = await new StatisticsFleet(stores).with('a');
      await fleet.start('a', dayAt(1));
      await fleet.project('a', 1, [fact(1, 'failed', 'x'), fact(1, 'failed', 'y')], dayAt(1));
      const { nextCursor = '' } = await stores.statistics.failures('all', { limit: 1 });
      const later = Array.from({ length: FAILURES_KEPT }, (_, i) => fact(2, 'failed', 'z', { ms: 9 + i }));
      await fleet.project('a', 2, later, dayAt(1));
      expect(await stores.statistics.failures('all', { limit: 1, cursor: nextCursor })).toEqual({ rows: [] });
      const other = stores.statistics.failures({ migrationId: 'move' }, { limit: 1, cursor: nextCursor });
      expect(await rejectionOf(other)).toMatchObject({ code: 'invalid_request' });
    });
  });
}

function describeTotals(make: MakeStores): void {
  describe('totals', () => {
    const stores = useStores(make);

    it('follow every change of every migration', async () => {
      expect(await stores.statistics.totals()).toEqual({
        migrations: { total: 0, notStarted: 0, inProgress: 0, completed: 0 },
        candidates: { not_started: 0, queued: 0, running: 0, completed: 0, attention: 0 },
      });
      const done = await new StatisticsFleet(stores, 'done').with('a');
      const half = await new StatisticsFleet(stores, 'half').with('a', 'b', 'c', 'd');
      await new Fleet(stores, 'empty').with();
      await new Fleet(stores, 'new').with('a');
      await done.start('a', dayAt(1));
      await done.complete('a', 1, dayAt(1));
      for (const id of ['a', 'b']) await half.start(id, dayAt(1));
      await half.complete('a', 1, dayAt(1));
      await half.fleet.project('b', 1, { status: 'failed' });
      await half.fleet.queue('c');
      const totals = {
        migrations: { total: 4, notStarted: 2, inProgress: 1, completed: 1 },
        candidates: { not_started: 2, queued: 1, running: 1, completed: 2, attention: 1 },
      };
      expect(await stores.statistics.totals()).toEqual(totals);
      await stores.repair.rederive();
      expect(await stores.statistics.totals()).toEqual(totals);
    });
  });
}
