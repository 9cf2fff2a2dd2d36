import { randomUUID } from 'node:crypto';
import { current, useRunHarness } from '../testing/use-run-harness';
import type { RunHarness } from '../testing/run-harness';

let h: RunHarness;
useRunHarness((harness) => (h = harness));

const cancelledAttempts = async () =>
  (await h.stores.reader.cancelledAttempts(h.migrationId, { limit: 10 })).rows;
const findings = async () => (await h.reconcile(1)).findings;
const addressOf = (candidateId: string, runAttempt = 1) => ({
  migrationId: h.migrationId,
  candidateId,
  runAttempt,
});

describe('a tick of the reconciliation compares the store with Temporal', () => {
  it('and gives back a candidate whose workflow was terminated by hand, with the steps it had reached', async () => {
    const { handle, manifest } = await h.start('gone', ['a', 'b']);
    await h.report(await h.migrator.dispatchOf('a'), { status: 'completed' });
    await h.row('gone', ({ run }) => run?.currentStep === 1);
    await handle.terminate('by hand');
    expect((await h.reconcile(0)).findings).toEqual([]);
    expect(await findings()).toEqual([
      {
        runId: manifest.runId,
        runAttempt: 1,
        did: 'settled',
        reason: 'its workflow had ended: terminated',
      },
    ]);
    expect((await h.row('gone', () => true)).status).toBe('not_started');
    expect(await cancelledAttempts()).toMatchObject([
      {
        attempt: 1,
        cancelledBy: 'reconciliation',
        reason: 'its workflow had ended: terminated',
        steps: [{ status: 'completed' }, { status: 'in_progress' }],
      },
    ]);
    expect(await findings()).toEqual([]);
  });

  it('and brings a view forward that is behind its workflow', async () => {
    const { manifest } = await h.start('behind', ['a', 'b']);
    const first = await h.migrator.dispatchOf('a');
    // As after a store that came back with less than it had: what it answered is not what it holds.
    jest.spyOn(h.stores.ledger, 'project').mockResolvedValue('applied');
    await h.report(first, { status: 'completed' });
    await h.report(await h.migrator.dispatchOf('b'), { status: 'failed', reason: 'no' });
    const handle = h.client.workflow.getHandle(manifest.runId);
    for (let seq = 0; seq < 3;) seq = (await handle.query<{ seq: number }>('progress')).seq;
    jest.restoreAllMocks();
    expect((await h.row('behind', () => true)).run).toMatchObject({ seq: 1, currentStep: 0 });
    expect(await findings()).toMatchObject([{ runId: manifest.runId, did: 'brought_forward' }]);
    const { run } = await h.row('behind', current('failed'));
    expect(run).toMatchObject({ seq: 3, currentStep: 1, attention: { kind: 'step_failed', detail: 'no' } });
    expect(await findings()).toEqual([]);
  });

  it('and completes a candidate whose workflow had completed it', async () => {
    const { handle, manifest } = await h.start('done', ['a']);
    const first = await h.migrator.dispatchOf('a');
    jest.spyOn(h.stores.ledger, 'complete').mockResolvedValue('applied');
    await h.report(first, { status: 'merged', metadata: { commitSha: 'abc' } });
    await handle.result();
    jest.restoreAllMocks();
    expect((await h.row('done', () => true)).status).toBe('running');
    expect(await findings()).toMatchObject([{ runId: manifest.runId, did: 'completed' }]);
    const { status, run } = await h.row('done', () => true);
    expect([status, run?.steps[0]]).toMatchObject(['completed', { metadata: { commitSha: 'abc' } }]);
  });

  it('and takes a workflow for cancelled that had cleaned up, although it had finished its steps', async () => {
    const { handle } = await h.start('undone', ['a']);
    const first = await h.migrator.dispatchOf('a');
    jest.spyOn(h.stores.ledger, 'complete').mockResolvedValue('cancelled');
    jest.spyOn(h.stores.ledger, 'settleCancel').mockResolvedValue('applied');
    await h.report(first, { status: 'completed' });
    await handle.result();
    jest.restoreAllMocks();
    expect(await findings()).toMatchObject([
      { did: 'settled', reason: 'its workflow had ended as a cancelled one' },
    ]);
    expect((await h.row('undone', () => true)).status).toBe('not_started');
  });

  it('and ends a workflow whose attempt is over', async () => {
    const { handle, manifest } = await h.start('reset', ['a']);
    await h.migrator.dispatchOf('a');
    const fallback = { by: 'me', reason: 'reset' };
    const at = new Date().toISOString();
    await h.stores.ledger.settleCancel({ ...addressOf('reset'), at, fallback });
    expect(await findings()).toMatchObject([{ runId: manifest.runId, did: 'cancel_asked' }]);
    await handle.result();
    expect(await cancelledAttempts()).toHaveLength(1);
    expect(h.migrator.posts).toEqual(['a#1']);
  });

  it('and restores a run that the store does not know, which goes on to its end', async () => {
    const { manifest } = await h.start('lost', ['a', 'b']);
    const first = await h.migrator.dispatchOf('a');
    await h.row('lost', ({ run }) => run?.seq === 1);
    h.loseStore();
    expect(await findings()).toMatchObject([{ did: 'reported', reason: /announced again/ }].map(matching));
    await h.announce(manifest.steps);
    expect(await findings()).toMatchObject([{ runId: manifest.runId, runAttempt: 1, did: 'restored' }]);
    expect((await h.row('lost', () => true)).run).toMatchObject({ seq: 1, nonce: manifest.nonce });
    await h.report(first, { status: 'completed' });
    await h.report(await h.migrator.dispatchOf('b'), { status: 'completed' });
    await h.row('lost', ({ status }) => status === 'completed');
    expect(h.migrator.posts).toEqual(['a#1', 'b#1']);
  });

  it('and leaves alone what is just under way, and what agrees', async () => {
    const { handle } = await h.start('fine', ['a']);
    await h.migrator.dispatchOf('a');
    expect(await h.reconcile(1)).toMatchObject({ findings: [] });
    expect((await h.reconcile(1, { whole: true })).compared).toBeGreaterThan(0);
    await handle.cancel();
    await handle.result();
  });

  it('and repairs once when two do it at once', async () => {
    const { handle } = await h.start('twice', ['a']);
    await h.migrator.dispatchOf('a');
    await h.row('twice', ({ run }) => run?.seq === 1);
    await handle.terminate('by hand');
    const reports = await Promise.all([h.reconcile(1), h.reconcile(1, { whole: true })]);
    expect(reports.flatMap((report) => report.findings ?? []).length).toBeGreaterThan(0);
    expect((await h.row('twice', () => true)).status).toBe('not_started');
    expect(await cancelledAttempts()).toHaveLength(1);
  });

  it('and reports what it cannot prove, and touches nothing', async () => {
    const { handle, manifest } = await h.start('silent', ['a']);
    const first = await h.migrator.dispatchOf('a');
    jest.spyOn(h.stores.ledger, 'complete').mockResolvedValue('applied');
    await h.report(first, { status: 'completed' });
    await handle.result();
    jest.restoreAllMocks();
    jest.spyOn(h.engine, 'progress').mockRejectedValue(new Error(`nobody answers ${randomUUID()}`));
    expect(await findings()).toMatchObject([{ runId: manifest.runId, did: 'reported' }]);
    expect((await h.row('silent', () => true)).status).toBe('running');
  });
});

function matching({ reason, ...rest }: { did: string; reason: RegExp }) {
  return { ...rest, reason: expect.stringMatching(reason) as string };
}
