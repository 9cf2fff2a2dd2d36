import { PROGRESS_QUERY, type RunProgress } from '@loom/domain';
import { stepOf, type RunHarness } from '../testing/run-harness';
import { current, useRunHarness } from '../testing/use-run-harness';

let h: RunHarness;
const { renew } = useRunHarness((harness) => (h = harness));

describe('a run', () => {
  it('of a single step completes with its first success', async () => {
    const { handle } = await h.start('one', ['a']);
    await h.report(await h.migrator.dispatchOf('a'), { status: 'completed' });
    await handle.result();
    const row = await h.row('one', ({ status }) => status === 'completed');
    expect(row.run?.steps).toMatchObject([{ stepName: 'a', status: 'completed', attempt: 1 }]);
  });

  it('executes many steps strictly in order, and spends at most six events a step', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const { handle } = await h.start('many', names);
    for (const name of names) await h.report(await h.migrator.dispatchOf(name), { status: 'merged' });
    await handle.result();
    expect(h.migrator.posts).toEqual(names.map((name) => `${name}#1`));
    const { events } = await handle.fetchHistory();
    const overhead = 8; // start, first task, and the last task that completes
    expect(((events?.length ?? 0) - overhead) / names.length).toBeLessThanOrEqual(6);
  });

  it('with a manual step waits for a person, and goes on when that person reports it', async () => {
    const { handle } = await h.start('manual', [stepOf('review', { type: 'manual-review' }), 'b']);
    const request = await h.migrator.dispatchOf('review');
    await h.report(request, { status: 'awaiting_review', metadata: { instructions: 'look' } });
    const waiting = await h.row('manual', current('awaiting_review'));
    expect(waiting.run?.attention).toMatchObject({ kind: 'awaiting_review', detail: 'look' });
    await h.report(request, { status: 'completed' });
    await h.report(await h.migrator.dispatchOf('b'), { status: 'completed' });
    await handle.result();
    expect((await h.row('manual', () => true)).run?.steps).toMatchObject([
      { status: 'completed', attempt: 1 },
      {},
    ]);
  });

  it('without any step completes at once', async () => {
    const { handle } = await h.start('none', []);
    await handle.result();
    expect((await h.row('none', () => true)).status).toBe('completed');
  });

  it('answers the progress query', async () => {
    const { handle } = await h.start('asked', ['a', 'b']);
    await h.migrator.dispatchOf('a');
    const progress = await handle.query<RunProgress>(PROGRESS_QUERY);
    expect(progress).toMatchObject({ runAttempt: 1, currentStep: 0 });
    expect(progress.steps.map(({ status }) => status)).toEqual(['in_progress', 'not_started']);
  });

  it('counts a callback that comes from inside the dispatch, and no later failure of that dispatch undoes it', async () => {
    h.migrator.answer(async (request) => {
      if (request.stepName !== 'a') return { outcome: 'accepted' };
      await h.report(request, { status: 'completed' });
      return { outcome: 'refused', reason: 'HTTP 400' };
    });
    const { handle } = await h.start('inside', ['a', 'b']);
    await h.report(await h.migrator.dispatchOf('b'), { status: 'completed' });
    await handle.result();
  });
});

describe('an execution whose attempt is not the reserved one', () => {
  it('ends without a trace', async () => {
    const { handle, manifest } = await h.start('stray', ['a']);
    await h.report(await h.migrator.dispatchOf('a'), { status: 'completed' });
    await handle.result();
    const before = await h.row('stray', ({ status }) => status === 'completed');
    await (await h.open(manifest)).result();
    expect(await h.row('stray', () => true)).toEqual(before);
    expect(h.migrator.posts).toEqual(['a#1']);
  });
});

describe('a long run', () => {
  it('continues as new without losing events, order or what it has heard', async () => {
    await renew({ continueAsNewEvents: 60 });
    const { handle } = await h.start('long', ['a', 'b']);
    const first = await h.migrator.dispatchOf('a');
    for (let i = 0; i < 60; i += 1) {
      await h.report(first, {
        status: 'open',
        metadata: { [`n${String(i)}`]: 'x' },
        eventId: `e${String(i)}`,
      });
    }
    await h.report(first, { status: 'open', eventId: 'e0' }); // heard before the first continue-as-new
    const row = await h.row('long', (r) => Object.keys(r.run?.steps[0]?.metadata ?? {}).length === 60);
    const firstExecution = row.run?.executionId;
    await h.report(first, { status: 'merged' });
    await h.report(await h.migrator.dispatchOf('b'), { status: 'completed' });
    await handle.result();
    const done = await h.row('long', ({ status }) => status === 'completed');
    expect(done.run?.seq).toBeGreaterThan(60);
    expect(done.run?.executionId).toBe(firstExecution);
    const newest = await h.client.workflow.getHandle(handle.workflowId).describe();
    expect(newest.runId).not.toBe(firstExecution);
    expect(h.migrator.posts).toEqual(['a#1', 'b#1']);
  });
});
