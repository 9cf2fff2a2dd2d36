import { SIGNALS } from '@loom/domain';
import { current, retryOf, useRunHarness } from '../testing/use-run-harness';
import { ME, stepOf, type RunHarness } from '../testing/run-harness';

let h: RunHarness;
useRunHarness((harness) => (h = harness));

const IDS = ['waits', 'blocked', 'done', 'undone', 'queued', 'ended', 'fresh'];

const STEPS = [stepOf('a'), stepOf('b')];
const at = () => new Date().toISOString();
const candidates = IDS.map((id) => ({ id }));

/** One candidate of each kind; answers the dispatches that a migrator still holds. */
async function fleet() {
  await h.announce(STEPS);
  await h.stores.candidates.submit(h.migrationId, candidates, at());
  const begin = async (id: string) => {
    const manifest = await h.reserveAgain(id, STEPS);
    const handle = await h.open(manifest);
    return { handle, manifest, first: await h.migrator.dispatchOf('a', 1, 1, id) };
  };
  const waits = await begin('waits');
  await h.report(waits.first, { status: 'open', metadata: { prUrl: 'https://forge.test/1' } });
  await h.row('waits', current('open'));
  const blocked = await begin('blocked');
  await h.report(blocked.first, { status: 'failed', reason: 'closed unmerged' });
  await h.row('blocked', current('failed'));
  const done = await begin('done');
  await h.report(done.first, { status: 'merged', metadata: { commitSha: 'abc' } });
  await h.report(await h.migrator.dispatchOf('b', 1, 1, 'done'), { status: 'completed' });
  await done.handle.result();
  const undone = await begin('undone');
  const who = { migrationId: h.migrationId, candidateId: 'undone', by: ME, at: at() };
  await h.stores.runs.cancel(who);
  await undone.handle.cancel();
  await undone.handle.result();
  const ended = await begin('ended');
  await ended.handle.terminate('by hand');
  const queued = { migrationId: h.migrationId, candidateId: 'queued', inputs: {}, at: at() };
  await h.stores.runs.queue(queued);
  return { waits, blocked };
}

const announceAgain = async () => {
  await h.announce(STEPS);
  await h.stores.candidates.submit(h.migrationId, candidates, at());
};
const status = async (id: string) => (await h.row(id, () => true)).status;
const begins = async (id: string) => {
  const manifest = await h.reserveAgain(id, STEPS);
  return manifest.runAttempt;
};

describe('a store that has lost its data', () => {
  it('gets back what Temporal proves, and all goes on from there', async () => {
    await h.reconcile(0);
    const { waits, blocked } = await fleet();
    const before = {
      waits: (await h.row('waits', () => true)).run,
      done: (await h.row('done', () => true)).run,
    };
    h.loseStore();
    await announceAgain();
    for (const id of IDS) await expect(begins(id)).rejects.toThrow('undetermined');

    const report = await h.reconcile(1);
    const did = Object.fromEntries(
      (report.findings ?? []).map((one) => [one.runId.split('__')[1] ?? '', one.did] as const),
    );
    expect(did).toEqual({
      ...{ waits: 'restored', blocked: 'restored', done: 'completed', undone: 'settled', ended: 'settled' },
    });
    expect(report).not.toHaveProperty('waiting');
    expect(await Promise.all(IDS.map(status))).toEqual([
      ...['running', 'running', 'completed', 'not_started', 'not_started', 'not_started', 'not_started'],
    ]);
    expect((await h.row('waits', () => true)).run).toMatchObject({
      ...{ steps: before.waits?.steps, nonce: before.waits?.nonce, executionId: before.waits?.executionId },
    });
    expect((await h.row('done', () => true)).run?.steps).toEqual(before.done?.steps);
    expect((await h.row('blocked', () => true)).run?.attention).toMatchObject({ detail: 'closed unmerged' });
    const { rows } = await h.stores.reader.cancelledAttempts(h.migrationId, { limit: 9 });
    expect(rows.map((row) => [row.candidateId, row.attempt, row.cancelledBy]).sort()).toEqual([
      ['ended', 1, 'reconciliation'],
      ['undone', 1, 'reconciliation'],
    ]);

    await h.report(waits.first, { status: 'merged' });
    await h.report(await h.migrator.dispatchOf('b', 1, 1, 'waits'), { status: 'completed' });
    await blocked.handle.signal(SIGNALS.retryStep, retryOf('a', 1));
    await h.report(await h.migrator.dispatchOf('a', 2, 1, 'blocked'), { status: 'completed' });
    await h.report(await h.migrator.dispatchOf('b', 1, 1, 'blocked'), { status: 'completed' });
    for (const id of ['waits', 'blocked']) await h.row(id, (row) => row.status === 'completed');
    const sent = h.migrator.dispatched.map(
      ({ runId, stepName, attempt }) => `${runId} ${stepName}#${attempt}`,
    );
    expect(new Set(sent).size).toBe(sent.length);

    expect(await begins('undone')).toBe(2);
    for (const id of ['queued', 'fresh']) await expect(begins(id)).rejects.toThrow('attempt_unknown');
    await h.stores.recovery.accept(10, h.migrationId);
    expect(await begins('fresh')).toBe(10);
    expect((await h.reconcile(0)).findings).toEqual([]);
  }, 60_000);

  it('keeps a run waiting that comes to write meanwhile, and does not end it', async () => {
    await h.reconcile(0);
    const { manifest } = await h.start('busy', ['a', 'b']);
    const first = await h.migrator.dispatchOf('a');
    await h.row('busy', ({ run }) => run?.seq === 1);
    h.loseStore();
    // Sent past the api, which would refuse it: as one that was on its way.
    await h.report(first, { status: 'completed' });
    await h.announce(manifest.steps);
    expect((await h.reconcile(1)).findings).toMatchObject([{ runId: manifest.runId, did: 'restored' }]);
    await h.report(await h.migrator.dispatchOf('b'), { status: 'completed' });
    await h.row('busy', (row) => row.status === 'completed');
    expect(h.migrator.posts).toEqual(['a#1', 'b#1']);
  }, 60_000);

  it('holds what a pause has held, until an operator ends that pause', async () => {
    await h.reconcile(0);
    const { manifest } = await h.start('held', ['a', 'b']);
    const first = await h.migrator.dispatchOf('a');
    await h.pause();
    await h.report(first, { status: 'completed' });
    await h.row('held', ({ run }) => run?.heldSince !== undefined);
    h.loseStore();
    await h.announce(manifest.steps);
    expect((await h.reconcile(1)).findings).toMatchObject([{ runId: manifest.runId, did: 'restored' }]);
    expect((await h.stores.migrations.get(h.migrationId))?.paused).toMatchObject({ by: 'reconciliation' });
    expect(await h.reconcile(1)).toMatchObject({ released: 0 });
    expect((await h.row('held', () => true)).run?.heldSince).toBeDefined();
    expect(h.migrator.posts).toEqual(['a#1']);
    await h.resume();
    // It was held again by a clock that was ahead.
    expect(await h.reconcile(2)).toMatchObject({ released: 1 });
    await h.report(await h.migrator.dispatchOf('b'), { status: 'completed' });
    await h.row('held', (row) => row.status === 'completed');
    expect(h.migrator.posts).toEqual(['a#1', 'b#1']);
  }, 60_000);

  it('rebuilds a migration whenever it is announced again', async () => {
    await h.reconcile(0);
    const { manifest } = await h.start('late', ['a']);
    const first = await h.migrator.dispatchOf('a');
    h.loseStore();
    expect((await h.reconcile(1)).findings).toMatchObject([{ did: 'reported' }]);
    await h.announce(manifest.steps);
    expect((await h.reconcile(0)).findings).toMatchObject([{ runId: manifest.runId, did: 'restored' }]);
    await h.report(first, { status: 'completed' });
    await h.row('late', (row) => row.status === 'completed');
  }, 60_000);

  it('rebuilds in one tick what is too much for one call, and leaves what cannot be rebuilt for last', async () => {
    await h.reconcile(0);
    const ids = ['one', 'two', 'three', 'four', 'five'];
    for (const id of ids) {
      const { handle } = await h.start(id, ['a']);
      await h.report(await h.migrator.dispatchOf('a', 1, 1, id), { status: 'completed' });
      await handle.result();
    }
    h.loseStore();
    await h.announce([stepOf('a')]);
    const waiting = h.stores.recovery.waiting.bind(h.stores.recovery);
    const calls = jest.spyOn(h.stores.recovery, 'waiting').mockImplementation(() => waiting(2));
    const get = h.stores.candidates.get.bind(h.stores.candidates);
    const candidates = jest.spyOn(h.stores.candidates, 'get').mockImplementation((migrationId, id) => {
      if (id === 'five') return Promise.reject(new Error('a candidate that cannot be read'));
      return get(migrationId, id);
    });
    const report = await h.reconcile(1);
    expect(report.waiting).toBe(1);
    expect(calls.mock.calls.length).toBeGreaterThan(2);
    candidates.mockRestore();
    for (const id of ids.slice(0, 4)) expect(await status(id)).toBe('completed');
    expect(await h.reconcile(1)).not.toHaveProperty('waiting');
    expect(await status('five')).toBe('completed');
  }, 60_000);

  it('is recovered once when two do it at once', async () => {
    await h.reconcile(0);
    const { manifest } = await h.start('once', ['a']);
    const first = await h.migrator.dispatchOf('a');
    h.loseStore();
    await h.announce(manifest.steps);
    await Promise.all([h.reconcile(1), h.reconcile(1)]);
    expect((await h.row('once', () => true)).run).toMatchObject({ attempt: 1, seq: 1 });
    await h.report(first, { status: 'completed' });
    await h.row('once', (row) => row.status === 'completed');
    expect(h.migrator.posts).toEqual(['a#1']);
  }, 60_000);
});
