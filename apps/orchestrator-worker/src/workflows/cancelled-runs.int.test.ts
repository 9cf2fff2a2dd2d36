import { DependencyUnavailableError } from '@loom/domain';
import { ME, stepOf, type RunHarness } from '../testing/run-harness';
import { untilAborted } from '../testing/scripted-migrator';
import { current, useRunHarness } from '../testing/use-run-harness';

let h: RunHarness;
useRunHarness((harness) => (h = harness));

/** The api answers a start 409 when the run before it has not closed by then. */
const START_WAITS_MS = 5000;

describe('a cancelled run', () => {
  const cancel = async (candidateId: string, reason = 'wrong one') =>
    h.stores.runs.cancel({
      migrationId: h.migrationId,
      candidateId,
      at: new Date().toISOString(),
      by: { ...ME, reason },
    });

  it('while it waits: tells the migrator, resets the candidate, keeps what it had reached, and can be started again', async () => {
    const { handle, manifest } = await h.start('stop', ['a', 'b']);
    await h.report(await h.migrator.dispatchOf('a'), { status: 'open', metadata: { prUrl: 'u' } });
    await h.row('stop', current('open'));
    await cancel('stop');
    await handle.cancel();
    await handle.result();
    const row = await h.row('stop', ({ status }) => status === 'not_started');
    expect(row.run).toBeUndefined();
    expect(h.migrator.cancelled).toMatchObject([
      { runId: manifest.runId, runAttempt: 1, steps: [{ stepName: 'a', status: 'open' }] },
    ]);
    const { rows } = await h.stores.reader.cancelledAttempts(h.migrationId, { limit: 10 });
    expect(rows).toMatchObject([
      {
        attempt: 1,
        cancelledBy: 'me',
        reason: 'wrong one',
        steps: [{ status: 'open' }, { status: 'not_started' }],
      },
    ]);

    const second = await h.reserveAgain('stop', [stepOf('a')]);
    expect(second.runAttempt).toBe(2);
    const again = await h.open(second);
    await h.report(await h.migrator.dispatchOf('a', 1, 2), { status: 'completed' });
    await again.result();
  });

  it('with a store that is away: tells the migrator when it is back, and only then frees the candidate', async () => {
    const { handle } = await h.start('outage', ['a']);
    await h.report(await h.migrator.dispatchOf('a'), { status: 'open' });
    await h.row('outage', current('open'));
    await cancel('outage');
    const away = new DependencyUnavailableError('store', 'away');
    const get = h.stores.migrations.get.bind(h.stores.migrations);
    let asked = 0;
    jest.spyOn(h.stores.migrations, 'get').mockImplementation((id) => {
      asked += 1;
      return asked > 3 ? get(id) : Promise.reject(away);
    });
    await handle.cancel();
    await handle.result();
    expect(h.migrator.cancelled).toMatchObject([{ steps: [{ stepName: 'a', status: 'open' }] }]);
    await h.row('outage', ({ status }) => status === 'not_started');
  });

  it('while a POST hangs: aborts it before the candidate is free, and sends nothing after', async () => {
    let endedAt = 0;
    h.migrator.answer(async (_request, signal) => {
      const outcome = await untilAborted(signal);
      endedAt = Date.now();
      return outcome;
    });
    const { handle } = await h.start('hang', ['a']);
    await h.migrator.dispatchOf('a');
    await cancel('hang');
    await handle.cancel();
    await handle.result();
    const settledAt = Date.now();
    const posts = h.migrator.posts.length;
    expect(endedAt).toBeGreaterThan(0);
    expect(endedAt).toBeLessThanOrEqual(settledAt);
    expect((await h.row('hang', () => true)).status).toBe('not_started');
    const { rows } = await h.stores.reader.cancelledAttempts(h.migrationId, { limit: 10 });
    expect(rows).toMatchObject([{ attempt: 1, steps: [{ stepName: 'a', status: 'in_progress' }] }]);
    expect(h.migrator.posts).toHaveLength(posts);
  });

  it('is counted as cancelled, once, and not as completed', async () => {
    const { handle } = await h.start('counted', ['a']);
    await h.migrator.dispatchOf('a');
    await cancel('counted');
    await handle.cancel();
    await handle.result();
    expect(h.metrics.total('loom_runs_cancelled_total')).toBe(1);
    expect(h.metrics.total('loom_runs_completed_total')).toBe(0);
  });

  it('while a repeated POST hangs: is settled only when that POST has ended', async () => {
    let open = 0;
    h.migrator.answer(async (_request, signal) => {
      open += 1;
      const outcome = await untilAborted(signal);
      open -= 1;
      return outcome;
    });
    const settle = h.stores.ledger.settleCancel.bind(h.stores.ledger);
    const openThen: number[] = [];
    jest.spyOn(h.stores.ledger, 'settleCancel').mockImplementation((settlement) => {
      openThen.push(open);
      return settle(settlement);
    });
    const { handle } = await h.start('hang-again', ['a']);
    await h.migrator.arrived(2); // the first was given up after its second; the one under way is Temporal's own
    await cancel('hang-again');
    await handle.cancel();
    await handle.result();
    expect(openThen).toEqual([0]);
  });

  it.each([
    ['waits', () => Promise.resolve({ outcome: 'accepted' } as const)],
    ['hangs in a POST', (_request: unknown, signal: AbortSignal) => untilAborted(signal)],
  ])(
    'of a migrator that hangs on every cancel as well is settled while a start waits for it: it %s',
    async (_, react) => {
      h.migrator.answer(react);
      h.migrator.hangOnCancel();
      const { handle } = await h.start('deaf', ['a']);
      await h.migrator.arrived(react.length === 0 ? 1 : 2); // the second is Temporal's own
      await cancel('deaf');
      const began = Date.now();
      await handle.cancel();
      await handle.result();
      expect(Date.now() - began).toBeLessThan(START_WAITS_MS);
      expect(h.migrator.cancelled).not.toEqual([]);
      expect((await h.row('deaf', () => true)).status).toBe('not_started');
    },
  );

  it('that was cancelled before its first act dispatches nothing', async () => {
    const manifest = await h.reserve('early', [stepOf('a')]);
    await cancel('early');
    await (await h.open(manifest)).result();
    expect(h.migrator.posts).toEqual([]);
    expect((await h.row('early', () => true)).status).toBe('not_started');
  });

  it('never completes, even when its last step ends before Temporal hears of the cancel', async () => {
    const { handle } = await h.start('race', ['a']);
    const request = await h.migrator.dispatchOf('a');
    await cancel('race');
    await h.report(request, { status: 'completed' });
    await handle.result();
    expect((await h.row('race', () => true)).status).toBe('not_started');
    const { rows } = await h.stores.reader.cancelledAttempts(h.migrationId, { limit: 10 });
    expect(rows).toHaveLength(1);
  });

  it("is settled also when it was cancelled with Temporal's own tools", async () => {
    const { handle } = await h.start('cli', ['a']);
    await h.migrator.dispatchOf('a');
    await handle.cancel();
    await handle.result();
    expect((await h.row('cli', () => true)).status).toBe('not_started');
    const { rows } = await h.stores.reader.cancelledAttempts(h.migrationId, { limit: 10 });
    expect(rows).toMatchObject([{ cancelledBy: 'temporal' }]);
  });
});
