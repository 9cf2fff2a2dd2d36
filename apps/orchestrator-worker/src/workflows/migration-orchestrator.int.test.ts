import { PROGRESS_QUERY, SIGNALS, type RunProgress } from '@loom/domain';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { createRunHarness, stepOf, type RunHarness } from '../testing/run-harness';
import { untilAborted } from '../testing/scripted-migrator';
import { bundleWorkflows } from '../workflow-bundle';

let bundle: WorkflowBundleWithSourceMap;
let h: RunHarness;

beforeAll(async () => {
  bundle = await bundleWorkflows();
}, 60_000);

beforeEach(async () => {
  h = await createRunHarness(bundle);
});

afterEach(async () => {
  await h.close();
});

const current = (status: string) => (row: Awaited<ReturnType<RunHarness['row']>>) =>
  row.run?.steps[row.run.currentStep]?.status === status;
const retryOf = (stepName: string, attempt: number, runAttempt = 1) => ({
  stepName,
  attempt,
  runAttempt,
  by: 'me',
});

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
    await h.close();
    h = await createRunHarness(bundle, { dispatchBudgetMs: 1500 });
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

describe('a dispatch', () => {
  it('is repeated with the same key until the migrator is ready', async () => {
    h.migrator.answer((request) =>
      Promise.resolve(
        h.migrator.dispatched.length < 3 && request.stepName === 'a'
          ? { outcome: 'retry', reason: 'HTTP 503', afterMs: 10 }
          : { outcome: 'accepted' },
      ),
    );
    const { handle } = await h.start('again', ['a']);
    await h.row('again', () => h.migrator.dispatched.length >= 1);
    const first = await h.migrator.dispatchOf('a');
    await h.report(first, { status: 'completed' });
    await handle.result();
    expect(
      new Set(
        h.migrator.dispatched.map(({ attempt, runAttempt, stepIndex }) =>
          [attempt, runAttempt, stepIndex].join('/'),
        ),
      ),
    ).toEqual(new Set(['1/1/0']));
  });

  it('goes to the URL that was announced last', async () => {
    const { handle } = await h.start('moved', ['a', 'b']);
    const first = await h.migrator.dispatchOf('a');
    expect(first.migratorUrl).toBe('http://mover.test');
    const migration = await h.stores.migrations.get(h.migrationId);
    if (migration === undefined) throw new Error('announced before');
    const { id, name, description, migratorApp, steps } = migration;
    await h.stores.migrations.announce(
      { id, name, description, migratorApp, steps, migratorUrl: 'http://new.test' },
      new Date().toISOString(),
    );
    await h.report(first, { status: 'completed' });
    const second = await h.migrator.dispatchOf('b');
    expect(second.migratorUrl).toBe('http://new.test');
    await h.report(second, { status: 'completed' });
    await handle.result();
  });

  it('of a step of another migrator app goes to the URL that app announced last', async () => {
    const other = {
      id: `other-${h.migrationId}`,
      name: 'Other',
      description: '',
      migratorApp: 'other',
      steps: [],
    };
    const at = new Date().toISOString();
    await h.stores.migrations.announce({ ...other, migratorUrl: 'http://old.test' }, at);
    await h.stores.migrations.announce({ ...other, migratorUrl: 'http://other.test' }, at);
    const { handle } = await h.start('foreign', [stepOf('a', { migratorApp: 'other' })]);
    const request = await h.migrator.dispatchOf('a');
    expect(request).toMatchObject({ migratorApp: 'other', migratorUrl: 'http://other.test' });
    await h.report(request, { status: 'completed' });
    await handle.result();
  });

  it('follows the list of steps that the run started with, whatever is announced later', async () => {
    const { handle } = await h.start('fixed', ['a', 'b']);
    const first = await h.migrator.dispatchOf('a');
    await h.announce([stepOf('a'), stepOf('inserted'), stepOf('b'), stepOf('c')]);
    await h.report(first, { status: 'completed' });
    await h.report(await h.migrator.dispatchOf('b'), { status: 'completed' });
    await handle.result();
    expect(h.migrator.posts).toEqual(['a#1', 'b#1']);
  });

  it('of a retried step carries the inputs as they are by then, changed in the order received', async () => {
    const { handle, manifest } = await h.start('inputs', ['a']);
    const first = await h.migrator.dispatchOf('a');
    await h.report(first, { status: 'failed', reason: 'no owner' });
    await handle.signal(SIGNALS.updateInputs, {
      runAttempt: manifest.runAttempt,
      inputs: { owner: 'x' },
      by: 'me',
    });
    await handle.signal(SIGNALS.updateInputs, {
      runAttempt: manifest.runAttempt,
      inputs: { owner: 'y' },
      by: 'me',
    });
    await handle.signal(SIGNALS.retryStep, retryOf('a', 1));
    const second = await h.migrator.dispatchOf('a', 2);
    expect([first.inputs, second.inputs]).toEqual([{}, { owner: 'y' }]);
    await h.report(second, { status: 'completed' });
    await handle.result();
    expect((await h.row('inputs', () => true)).run?.inputs).toEqual({ owner: 'y' });
  });
});

describe('a cancelled run', () => {
  const cancel = async (candidateId: string, reason = 'wrong one') =>
    h.stores.runs.cancel({
      migrationId: h.migrationId,
      candidateId,
      at: new Date().toISOString(),
      by: 'me',
      reason,
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
    await h.close();
    h = await createRunHarness(bundle, { continueAsNewEvents: 60 });
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
