import { setTimeout } from 'node:timers/promises';
import { SIGNALS } from '@loom/domain';
import { ME, stepOf, type RunHarness } from '../testing/run-harness';
import { current, retryOf, useRunHarness } from '../testing/use-run-harness';

let h: RunHarness;
const { renew } = useRunHarness((harness) => (h = harness));

type Row = Awaited<ReturnType<RunHarness['row']>>;
const isHeld = ({ run }: Row): boolean => run?.heldSince !== undefined;

describe.each([
  ['its migration', undefined],
  ['every migration', 'all' as const],
])('a run, while %s is paused', (_, scope) => {
  it('takes callbacks, waits with its next step, and goes on when that is resumed', async () => {
    const { handle } = await h.start('held', ['a', 'b']);
    const first = await h.migrator.dispatchOf('a');
    await h.pause(scope);
    await h.report(first, { status: 'open', metadata: { prUrl: 'u' } });
    await h.row('held', current('open'));
    await h.report(first, { status: 'merged' });
    const { run } = await h.row('held', isHeld);
    expect(run?.steps).toMatchObject([{ status: 'merged' }, { status: 'in_progress', attempt: 1 }]);
    const { historyLength } = await handle.describe();
    expect(h.migrator.posts).toEqual(['a#1']);

    await h.resume(scope);
    await h.report(await h.migrator.dispatchOf('b'), { status: 'completed' });
    await handle.result();
    expect(h.migrator.posts).toEqual(['a#1', 'b#1']);
    expect(isHeld(await h.row('held', () => true))).toBe(false);
    // Waiting is free: what came while it was held is one signal and what follows from it.
    expect(historyLength).toBeLessThan(30);
  });

  it('whose dispatch is repeated is not sent again, and after that from anew', async () => {
    h.migrator.answer(() => Promise.resolve({ outcome: 'retry', reason: 'HTTP 503', afterMs: 200 }));
    const { handle } = await h.start('backoff', ['a']);
    await h.migrator.arrived(2);
    await h.pause(scope);
    await h.row('backoff', isHeld);
    const posts = h.migrator.posts.length;
    h.migrator.answer(() => Promise.resolve({ outcome: 'accepted' }));
    await h.resume(scope);
    await h.migrator.arrived(posts + 1);
    await h.report(await h.migrator.dispatchOf('a'), { status: 'completed' });
    await handle.result();
    expect(h.migrator.posts).toHaveLength(posts + 1);
    expect(new Set(h.migrator.posts)).toEqual(new Set(['a#1']));
  });

  it('that is cancelled ends as any other, without being sent', async () => {
    const manifest = await h.reserve('cancelled', [stepOf('a')]);
    await h.pause(scope);
    const handle = await h.open(manifest);
    await h.row('cancelled', isHeld);
    await h.stores.runs.cancel({
      migrationId: h.migrationId,
      candidateId: 'cancelled',
      at: new Date().toISOString(),
      by: ME,
    });
    await handle.cancel();
    await handle.result();
    expect((await h.row('cancelled', () => true)).status).toBe('not_started');
    expect(h.migrator.posts).toEqual([]);
    await h.resume(scope);
    expect(await h.stores.held.due(new Date(Date.now() + 60_000).toISOString(), 9)).toEqual([]);
  });
});

it('a held retry, and inputs that change meanwhile, go out together', async () => {
  const { handle } = await h.start('retried', ['a']);
  await h.report(await h.migrator.dispatchOf('a'), { status: 'failed' });
  await h.row('retried', current('failed'));
  await h.pause();
  await handle.signal(SIGNALS.retryStep, retryOf('a', 1));
  await h.row('retried', isHeld);
  await handle.signal(SIGNALS.updateInputs, { runAttempt: 1, inputs: { owner: 'y' }, by: 'me' });
  await h.row('retried', ({ run }) => run?.inputs['owner'] === 'y');
  await h.resume();
  const second = await h.migrator.dispatchOf('a', 2);
  expect(second.inputs).toEqual({ owner: 'y' });
  await h.report(second, { status: 'completed' });
  await handle.result();
});

it('a held run has all of its time when it goes on', async () => {
  const { handle } = await h.start('timed', ['a', stepOf('b', { timeoutSeconds: 2 })]);
  const first = await h.migrator.dispatchOf('a');
  await h.pause();
  await h.report(first, { status: 'completed' });
  const { run } = await h.row('timed', isHeld);
  const heldAt = Date.parse(run?.steps[1]?.startedAt ?? '');
  // Nothing happens when its time would be over, so there is nothing to await but that time.
  await setTimeout(heldAt + 2500 - Date.now());
  expect(current('in_progress')(await h.row('timed', () => true))).toBe(true);
  await h.resume();
  await h.migrator.dispatchOf('b');
  const { reason } = (await h.row('timed', current('failed'))).run?.steps[1] ?? {};
  expect(reason).toContain('timed out after 2 s');
  await handle.terminate();
});

it('a held run that grows long continues as new, and goes on from there', async () => {
  await renew({ continueAsNewEvents: 50 });
  const { handle } = await h.start('long', ['a', 'b']);
  const first = await h.migrator.dispatchOf('a');
  await h.pause();
  await h.report(first, { status: 'completed' });
  await h.row('long', isHeld);
  const before = (await handle.describe()).runId;
  for (
    let n = 0;
    (await h.client.workflow.getHandle(handle.workflowId).describe()).runId === before;
    n += 1
  ) {
    await h.client.workflow
      .getHandle(handle.workflowId)
      .signal(SIGNALS.updateInputs, { runAttempt: 1, inputs: { n: String(n) }, by: 'me' });
    await h.row('long', ({ run }) => run?.inputs['n'] === String(n));
  }
  await h.resume();
  await h.report(await h.migrator.dispatchOf('b'), { status: 'completed' });
  await h.row('long', ({ status }) => status === 'completed');
  expect(h.migrator.posts).toEqual(['a#1', 'b#1']);
});

it('what the end of a pause could not tell is told by the reconciliation', async () => {
  const { handle } = await h.start('untold', ['a', 'b']);
  const first = await h.migrator.dispatchOf('a');
  await h.pause();
  await h.report(first, { status: 'completed' });
  await h.row('untold', isHeld);
  await h.stores.controls.resume({ migrationId: h.migrationId }, new Date().toISOString());
  expect(await h.reconcile(0)).toMatchObject({ released: 0 });
  expect(await h.reconcile(1)).toMatchObject({ released: 1 });
  await h.report(await h.migrator.dispatchOf('b'), { status: 'completed' });
  await handle.result();
  expect(await h.reconcile(1)).toMatchObject({ released: 0 });
});
