import { DependencyUnavailableError, SIGNALS } from '@loom/domain';
import { stepOf, type RunHarness } from '../testing/run-harness';
import { retryOf, useRunHarness } from '../testing/use-run-harness';

let h: RunHarness;
const { renew } = useRunHarness((harness) => (h = harness));

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

  it('carries the inputs that were changed while it was repeated, and is not sent with the old ones any more', async () => {
    h.migrator.answer(({ inputs }) =>
      Promise.resolve(
        inputs['owner'] === 'y'
          ? { outcome: 'accepted' }
          : { outcome: 'retry', reason: 'HTTP 503', afterMs: 10 },
      ),
    );
    const { handle, manifest } = await h.start('newer', ['a']);
    await h.migrator.arrived(2);
    const { runAttempt } = manifest;
    await handle.signal(SIGNALS.updateInputs, { runAttempt, inputs: { owner: 'y' }, by: 'me' });
    for (let count = 3; !h.migrator.dispatched.some(({ inputs }) => inputs['owner'] === 'y'); count += 1)
      await h.migrator.arrived(count);
    const owners = h.migrator.dispatched.map(({ inputs }) => inputs['owner']);
    expect(owners.indexOf('y')).toBe(owners.length - 1);
    await h.report(await h.migrator.dispatchOf('a'), { status: 'completed' });
    await handle.result();
    expect(h.migrator.dispatched).toHaveLength(owners.length);
  });

  it('waits for a store that is away longer than the migrator has, and costs the migrator none of its time', async () => {
    await renew({ dispatchBudgetMs: 2000 });
    let backAt = 0;
    h.migrator.answer(() => {
      if (backAt > 0) return Promise.resolve({ outcome: 'accepted' });
      backAt = Date.now() + 5000;
      return Promise.resolve({ outcome: 'retry', reason: 'HTTP 503' });
    });
    const project = h.stores.ledger.project.bind(h.stores.ledger);
    jest.spyOn(h.stores.ledger, 'project').mockImplementation((view) => {
      if (Date.now() < backAt)
        return Promise.reject(new DependencyUnavailableError('store', 'redis is not connected', true));
      return project(view);
    });
    const { handle } = await h.start('outage', ['a']);
    await h.migrator.arrived(2);
    expect(Date.now()).toBeGreaterThanOrEqual(backAt);
    await h.report(await h.migrator.dispatchOf('a'), { status: 'completed' });
    await handle.result();
    const { status, run } = await h.row('outage', () => true);
    expect([status, run?.steps[0]?.reason]).toEqual(['completed', undefined]);
  });
});
