import fc from 'fast-check';
import {
  dayName,
  dayNumber,
  noActivity,
  STEP_FACT_KINDS,
  type DayActivity,
  type StepFact,
} from '@loom/domain';
import { dayAt, fact, StatisticsFleet } from './statistics-fleet';
import type { MakeStores } from './stores-under-test';

/** What a run tells of itself, and how much of it reaches the store, how often, in which order and when. */
interface Course {
  facts: StepFact[];
  /** Each the number of a view (beyond the last: the last) and the day on which it arrives. */
  views: { seq: number; day: number }[];
  end: 'complete' | 'settle' | 'none';
}

const DAYS = [1, 2, 3];
const course: fc.Arbitrary<Course> = fc
  .record({
    kinds: fc.array(fc.tuple(fc.constantFrom(...STEP_FACT_KINDS), fc.nat(2), fc.nat(90_000)), {
      maxLength: 8,
    }),
    views: fc.array(fc.record({ seq: fc.integer({ min: 1, max: 9 }), day: fc.constantFrom(...DAYS) }), {
      maxLength: 10,
    }),
    end: fc.constantFrom('complete', 'settle', 'none'),
  })
  .map(({ kinds, views, end }) => ({
    facts: kinds.map(([kind, step, ms], at) => fact(at + 1, kind, `s${step}`, { ms })),
    views,
    end,
  }));

/** However views are lost, repeated or late, what is counted is what a recount of all facts finds. */
export function describeStatisticsProperty(make: MakeStores): void {
  it('equal a naive recount, however views are lost, repeated or late', async () => {
    const property = fc.asyncProperty(fc.array(course, { minLength: 1, maxLength: 4 }), async (courses) => {
      const { cleanup, ...stores } = await make();
      try {
        const counted = new Map(DAYS.map((day) => [dayNumber(dayAt(day)), noActivity()]));
        const ended: StepFact[] = [];
        for (const [index, { facts, views, end }] of courses.entries()) {
          // Half of the runs in each of two migrations.
          const fleet = await new StatisticsFleet(stores, `m${index % 2}`).with(`c${index}`);
          await fleet.start(`c${index}`, dayAt(1));
          on(counted, 1).started += 1;
          let shown = 0;
          const count = (seq: number, day: number) => {
            for (const one of facts.filter((each) => each.seq > shown && each.seq <= seq)) {
              on(counted, day)[one.kind] += 1;
              ended.push(one);
            }
            shown = Math.max(shown, seq);
          };
          for (const { seq, day } of views) {
            const told = facts.filter((each) => each.seq <= seq);
            await fleet.project(`c${index}`, seq, told, dayAt(day));
            count(seq, day);
          }
          if (end === 'none') continue;
          for (let times = 0; times < 2; times += 1) {
            if (end === 'complete') await fleet.complete(`c${index}`, 9, dayAt(3), facts);
            else await fleet.settle(`c${index}`, dayAt(3), 1, facts);
          }
          count(9, 3);
          on(counted, 3)[end === 'complete' ? 'completed' : 'cancelled'] += 1;
        }
        const days = await stores.statistics.activity('all', { until: dayAt(3), days: 3 });
        expect(days.map((day) => ({ ...day, runMs: 0 }))).toEqual(
          [...counted].map(([day, activity]): DayActivity => ({ day: dayName(day), ...activity })),
        );
        await expectSteps(stores, ended);
      } finally {
        await cleanup();
      }
    });
    await fc.assert(property, { numRuns: 25, endOnFailure: true });
  }, 120_000);
}

function on<T>(counted: Map<number, T>, day: number): T {
  const activity = counted.get(dayNumber(dayAt(day)));
  if (activity === undefined) throw new Error('no such day');
  return activity;
}

async function expectSteps(stores: Omit<Awaited<ReturnType<MakeStores>>, 'cleanup'>, facts: StepFact[]) {
  const told = await Promise.all(['m0', 'm1'].map((id) => stores.statistics.durations(id)));
  const steps = told.flatMap((one) => one.steps);
  for (const name of ['s0', 's1', 's2']) {
    const of = (kind: string) => facts.filter((one) => one.stepName === name && one.kind === kind);
    const here = steps.filter(({ stepName }) => stepName === name);
    const sum = (value: (step: (typeof here)[number]) => number) =>
      here.reduce((total, step) => total + value(step), 0);
    expect(sum(({ opened }) => opened)).toBe(of('opened').length);
    expect(sum(({ passed }) => passed)).toBe(of('passed').length);
    expect(sum(({ failed }) => failed)).toBe(of('failed').length);
    const ms = [...of('passed'), ...of('failed')].map(
      (one) => Date.parse(one.at) - Date.parse(one.startedAt),
    );
    const total = sum(({ durations: { count, mean = 0 } }) => count * mean);
    expect(total).toBeCloseTo(
      ms.reduce((all, one) => all + one, 0),
      3,
    );
  }
  const { rows } = await stores.statistics.failures('all', { limit: 1000 });
  expect(rows).toHaveLength(facts.filter(({ kind }) => kind === 'failed').length);
}
