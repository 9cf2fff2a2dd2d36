import { stepOf, type RunHarness } from '../testing/run-harness';
import { useRunHarness } from '../testing/use-run-harness';

let h: RunHarness;
useRunHarness((harness) => (h = harness));

it('a completed candidate that is reset stays so through reconciliations, and runs again to its end', async () => {
  const { handle } = await h.start('again', ['a']);
  await h.report(await h.migrator.dispatchOf('a'), { status: 'completed' });
  await handle.result();
  const { migrationId } = h;
  const by = { actor: { id: 'me', role: 'admin' as const }, reason: 'reverted' };
  const at = new Date().toISOString();
  expect(await h.stores.runs.reset({ migrationId, candidateId: 'again', at, by })).toEqual({
    outcome: 'reset',
  });
  expect(await h.reconcile(60, { whole: true })).toMatchObject({ restarted: 0, findings: [] });
  expect((await h.row('again', () => true)).status).toBe('not_started');

  const second = await h.open(await h.reserveAgain('again', [stepOf('a')]));
  await h.report(await h.migrator.dispatchOf('a', 1, 2), { status: 'completed' });
  expect(await second.result()).toBeUndefined();
  await h.row('again', ({ status }) => status === 'completed');
  const attempts = await h.stores.reader.attempts(migrationId, 'again', { limit: 9 });
  expect(attempts?.rows.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
    [2, 'completed'],
    [1, 'completed'],
  ]);
});
