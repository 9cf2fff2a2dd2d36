import { SIGNALS } from '@loom/domain';
import { stepOf, type RunHarness } from '../testing/run-harness';
import { current, retryOf, useRunHarness } from '../testing/use-run-harness';

let h: RunHarness;
const { renew } = useRunHarness((harness) => (h = harness));

describe('a failed step', () => {
  it('blocks the run, and after a retry leaves one result', async () => {
    const { handle } = await h.start('flaky', ['a']);
    await h.report(await h.migrator.dispatchOf('a'), { status: 'failed', reason: 'closed unmerged' });
    const blocked = await h.row('flaky', current('failed'));
    expect(blocked.run).toMatchObject({ attention: { kind: 'step_failed', detail: 'closed unmerged' } });
    await handle.signal(SIGNALS.retryStep, retryOf('a', 1));
    const again = await h.migrator.dispatchOf('a', 2);
    await handle.signal(SIGNALS.retryStep, retryOf('a', 1)); // the second click
    await h.report(again, { status: 'completed' });
    await handle.result();
    expect((await h.row('flaky', () => true)).run?.steps).toMatchObject([
      { status: 'completed', attempt: 2 },
    ]);
    expect(h.migrator.posts).toEqual(['a#1', 'a#2']);
  });

  it.each([
    [
      'a permanent answer',
      () =>
        h.migrator.answer(() => Promise.resolve({ outcome: 'refused', reason: 'the migrator answered 404' })),
      '404',
    ],
    ['an unknown migrator app', () => undefined, 'no migrator has announced itself as nobody'],
  ])('comes from %s, with its reason, and the run lives on', async (_name, prepare, reason) => {
    prepare();
    const { handle } = await h.start('refused', [
      stepOf('a', reason.includes('nobody') ? { migratorApp: 'nobody' } : {}),
    ]);
    const row = await h.row('refused', current('failed'));
    expect(row.run?.steps[0]?.reason).toContain(reason);
    expect((await handle.describe()).status.name).toBe('RUNNING');
  });

  it('comes from a dispatch that nobody accepted within its budget, with the last reason', async () => {
    await renew({ dispatchBudgetMs: 1500 });
    h.migrator.answer(() => Promise.resolve({ outcome: 'retry', reason: 'the migrator answered 503' }));
    await h.start('budget', ['a']);
    const row = await h.row('budget', current('failed'));
    expect(row.run?.steps[0]?.reason).toMatch(/not accepted by the migrator within 2 seconds: .*503/);
    expect(h.migrator.dispatched.length).toBeGreaterThan(1);
  });

  it('comes from its deadline, which an open pull request does not extend', async () => {
    await h.start('late', [stepOf('a', { timeoutSeconds: 1 })]);
    await h.report(await h.migrator.dispatchOf('a'), { status: 'open', metadata: { prUrl: 'u' } });
    const row = await h.row('late', current('failed'));
    expect(row.run?.steps[0]).toMatchObject({ reason: 'timed out after 1 s', metadata: { prUrl: 'u' } });
  });
});
