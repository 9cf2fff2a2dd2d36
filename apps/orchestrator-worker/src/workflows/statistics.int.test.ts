import { SIGNALS, SYSTEM } from '@loom/domain';
import type { RunHarness } from '../testing/run-harness';
import { current, retryOf, useRunHarness } from '../testing/use-run-harness';

let h: RunHarness;
const { renew } = useRunHarness((harness) => (h = harness));

/** Every view is written twice, since its first answer is lost, and the worker repeats it as a regular activity. */
function loseAnswers(): void {
  const { ledger } = h.stores;
  for (const name of ['project', 'complete', 'settleCancel'] as const) {
    const write = ledger[name].bind(ledger) as (of: unknown) => Promise<never>;
    const lost = new Set<string>();
    ledger[name] = async (of: unknown) => {
      const answer = await write(of);
      const { candidateId, seq } = of as { candidateId: string; seq?: number };
      const key = `${candidateId} ${String(seq)}`;
      if (lost.has(key)) return answer;
      lost.add(key);
      throw new Error('the answer was lost');
    };
  }
}

const activity = async () =>
  (
    await h.stores.statistics.activity(
      { migrationId: h.migrationId },
      // A test may begin before midnight and end after it.
      { until: new Date().toISOString(), days: 2 },
    )
  ).reduce((sum, day) => ({
    ...day,
    ...Object.fromEntries(
      (['started', 'completed', 'cancelled', 'opened', 'passed', 'failed'] as const).map((field) => [
        field,
        sum[field] + day[field],
      ]),
    ),
  }));

describe('statistics of real runs', () => {
  it('count each step attempt once, through retries, repeated callbacks, lost answers and new executions', async () => {
    await renew({ continueAsNewEvents: 10 });
    loseAnswers();
    const { handle } = await h.start('a', ['one', 'two']);
    const first = await h.migrator.dispatchOf('one');
    for (let i = 0; i < 3; i += 1) await h.report(first, { status: 'open' });
    for (let i = 0; i < 3; i += 1) await h.report(first, { status: 'failed', reason: 'no' });
    await h.row('a', current('failed'));
    for (let i = 0; i < 2; i += 1) await handle.signal(SIGNALS.retryStep, retryOf('one', 1));
    const again = await h.migrator.dispatchOf('one', 2);
    await h.report(first, { status: 'failed', reason: 'late' });
    for (let i = 0; i < 2; i += 1) await h.report(again, { status: 'merged' });
    const second = await h.migrator.dispatchOf('two');
    for (let i = 0; i < 2; i += 1) await h.report(second, { status: 'completed' });
    await handle.result();

    expect(await activity()).toMatchObject({ started: 1, completed: 1, opened: 1, passed: 2, failed: 1 });
    const { runs, steps } = await h.stores.statistics.durations(h.migrationId);
    expect(runs.count).toBe(1);
    expect(steps).toMatchObject([
      { stepName: 'one', opened: 1, passed: 1, failed: 1, durations: { count: 2 } },
      { stepName: 'two', opened: 0, passed: 1, failed: 0, durations: { count: 1 } },
    ]);
    const { rows } = await h.stores.statistics.failures({ migrationId: h.migrationId }, { limit: 9 });
    expect(rows).toMatchObject([{ candidateId: 'a', stepName: 'one', attempt: 1, reason: 'no' }]);
  });

  it('count what the store hears with the end of a cancelled run only', async () => {
    const { handle } = await h.start('b', ['one', 'two']);
    const request = await h.migrator.dispatchOf('one');
    const cancel = { migrationId: h.migrationId, candidateId: 'b', at: new Date().toISOString(), by: SYSTEM };
    // On record, and Temporal was not told: the view that dispatches the next step is refused.
    await h.stores.runs.cancel(cancel);
    await h.report(request, { status: 'completed' });
    await handle.result();
    expect(await activity()).toMatchObject({ started: 1, cancelled: 1, completed: 0, passed: 1 });
    expect(h.migrator.posts).toEqual(['one#1']);
  });
});
