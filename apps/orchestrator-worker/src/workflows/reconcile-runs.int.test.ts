import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { testTemporalAddr } from '@loom/dev-stack';
import { ensureReconcileSchedule } from '../schedule';
import { ME, stepOf, type RunHarness } from '../testing/run-harness';
import { useRunHarness } from '../testing/use-run-harness';

let h: RunHarness;
useRunHarness((harness) => (h = harness));

const cancel = async (candidateId: string) =>
  h.stores.runs.cancel({
    migrationId: h.migrationId,
    candidateId,
    at: new Date().toISOString(),
    by: { ...ME, reason: 'wrong' },
  });
const cancelledAttempts = async () =>
  (await h.stores.reader.cancelledAttempts(h.migrationId, { limit: 10 })).rows;

describe('a tick of the reconciliation', () => {
  it('starts a reservation that no workflow took up, once it is older than half a minute', async () => {
    await h.reserve('stranded', [stepOf('a')]);
    expect(await h.reconcile(0)).toMatchObject({ restarted: 0 });
    expect(await h.reconcile(1)).toMatchObject({ restarted: 1 });
    await h.report(await h.migrator.dispatchOf('a'), { status: 'completed' });
    await h.row('stranded', ({ status }) => status === 'completed');
    expect(await h.reconcile(1)).toMatchObject({ restarted: 0 });
    expect(h.migrator.posts).toEqual(['a#1']);
  });

  it('asks for a person where a migrator has been silent for too long, until it is heard of again', async () => {
    await h.start('silent', ['a']);
    const dispatched = await h.migrator.dispatchOf('a');
    expect(await h.reconcile(59)).toMatchObject({ stale: 0 });
    expect(await h.reconcile(61)).toMatchObject({ stale: 1 });
    const { run } = await h.row('silent', () => true);
    expect(run?.attention).toMatchObject({ kind: 'stale', since: run?.steps[0]?.startedAt });
    expect(await h.reconcile(61)).toMatchObject({ stale: 0 });
    await h.report(dispatched, { status: 'open' });
    await h.row('silent', ({ run }) => run?.steps[0]?.status === 'open' && run.attention === undefined);
    expect(await h.reconcile(61)).toMatchObject({ stale: 0 });
  });

  it('asks the workflow for a cancel that was recorded but never asked', async () => {
    await h.start('unasked', ['a']);
    await h.migrator.dispatchOf('a');
    await cancel('unasked');
    expect(await h.reconcile(1)).toMatchObject({ cancelsAsked: 1, cancelsSettled: 0 });
    await h.row('unasked', ({ status }) => status === 'not_started');
    expect(await cancelledAttempts()).toMatchObject([
      { attempt: 1, reason: 'wrong', steps: [{ status: 'in_progress' }] },
    ]);
  });

  it('settles a cancel whose workflow is gone, with the steps it had reached', async () => {
    const { handle } = await h.start('gone', ['a', 'b']);
    await h.report(await h.migrator.dispatchOf('a'), { status: 'completed' });
    await h.migrator.dispatchOf('b');
    await h.row('gone', ({ run }) => run?.currentStep === 1);
    await handle.terminate('by hand');
    await cancel('gone');
    expect(await h.reconcile(1)).toMatchObject({ cancelsSettled: 1 });
    expect((await h.row('gone', () => true)).status).toBe('not_started');
    expect(await cancelledAttempts()).toMatchObject([
      { attempt: 1, cancelledBy: 'me', steps: [{ status: 'completed' }, { status: 'in_progress' }] },
    ]);
    expect(await h.reconcile(1)).toMatchObject({ cancelsAsked: 0, cancelsSettled: 0 });
  });

  it('settles a whole batch of them, however large their plans are', async () => {
    const description = 'Opens a pull request that moves the chart of this application. '.repeat(4);
    const steps = Array.from({ length: 150 }, (_, i) => stepOf(`step-${String(i)}`, { description }));
    const ids = Array.from({ length: 200 }, (_, i) => `c${String(i)}`);
    const { migrationId } = h;
    await h.announce(steps);
    const at = new Date().toISOString();
    await h.stores.candidates.submit(
      migrationId,
      ids.map((id) => ({ id })),
      at,
    );
    for (const candidateId of ids) {
      const { runAttempt } = await h.reserveAgain(candidateId, steps);
      // As after a workflow that began and was terminated.
      await h.stores.ledger.begin({ migrationId, candidateId, runAttempt, executionId: randomUUID(), at });
      await cancel(candidateId);
    }
    expect(await h.reconcile(1)).toMatchObject({ cancelsAsked: 0, cancelsSettled: 200 });
    const { rows } = await h.stores.reader.cancelledAttempts(migrationId, { limit: 1000 });
    expect(rows.map((row) => row.steps.length)).toEqual(ids.map(() => 150));
    const settled = await h.stores.audit.list({ migrationId, action: 'settle_cancel', limit: 1000 });
    expect(settled.rows.map(({ actor }) => actor.id)).toEqual(ids.map(() => 'reconciliation'));
  }, 60_000);

  it('settles a cancel of a reservation that no workflow took up, and dispatches nothing', async () => {
    await h.reserve('never', [stepOf('a')]);
    await cancel('never');
    await h.reconcile(1);
    await h.row('never', ({ status }) => status === 'not_started');
    expect(await cancelledAttempts()).toHaveLength(1);
    expect(h.migrator.posts).toEqual([]);
  });

  it('goes on with the others when one cannot be repaired', async () => {
    const poisoned = await h.reserve('poisoned', [stepOf('a')]);
    const healthy = await h.reserve('healthy', [stepOf('a')]);
    const real = h.stores.repair.unstarted.bind(h.stores.repair);
    // A manifest above Temporal's payload limit is refused whenever it is tried.
    const tooLarge = { ...poisoned, inputs: { blob: 'x'.repeat(3_000_000) } };
    jest
      .spyOn(h.stores.repair, 'unstarted')
      .mockImplementation(async (before, limit) =>
        (await real(before, limit)).map((one) => (one.runId === poisoned.runId ? tooLarge : one)),
      );
    await h.reconcile(1);
    expect((await h.migrator.dispatchOf('a')).runId).toBe(healthy.runId);
  });
});

describe('a cancel that is on record before Temporal tells of it', () => {
  it('stops the run at its next dispatch', async () => {
    const { handle } = await h.start('recorded', ['a', 'b']);
    const first = await h.migrator.dispatchOf('a');
    await cancel('recorded');
    await h.report(first, { status: 'completed' });
    await handle.result();
    expect((await h.row('recorded', () => true)).status).toBe('not_started');
    expect(h.migrator.posts).toEqual(['a#1']);
    expect(await cancelledAttempts()).toHaveLength(1);
  });
});

describe('the schedule of the reconciliation', () => {
  it('is created once, and takes a new interval over', async () => {
    const connection = await Connection.connect({ address: testTemporalAddr() });
    const client = new Client({ connection });
    const taskQueue = `schedule-${randomUUID()}`;
    await ensureReconcileSchedule(client, taskQueue, 3_600_000);
    await ensureReconcileSchedule(client, taskQueue, 7_200_000);
    const handle = client.schedule.getHandle(`loom-reconcile-${taskQueue}`);
    const { spec, action } = await handle.describe();
    expect(spec.intervals).toMatchObject([{ every: 7_200_000 }]);
    expect(action).toMatchObject({ workflowType: 'ReconcileRuns', taskQueue });
    await handle.delete();
    await connection.close();
  });
});
