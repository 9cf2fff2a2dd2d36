import type { RunManifest } from '@loom/domain';
import { at, definition, Fleet } from './fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** What every RunCensus does. */
export function describeRunCensus(name: string, make: MakeStores): void {
  describe(`${name} as a RunCensus`, () => {
    const stores = useStores(make);
    describeHeads(stores);
    describeRestore(stores);

    it('keeps notes, and tells the same process by the same name', async () => {
      expect(await stores.census.notes()).toEqual({ cursors: {} });
      const notes = { cursors: { open: 'here' }, instance: 'one' };
      await stores.census.takeNotes(notes);
      expect(await stores.census.notes()).toEqual(notes);
      expect(await stores.census.instance()).toBe(await stores.census.instance());
    });
  });
}

function describeHeads(stores: ReturnType<typeof useStores>): void {
  it('pages through the running candidates of all migrations', async () => {
    expect(await stores.census.running({ limit: 5 })).toEqual({ heads: [] });
    const one = await new Fleet(stores, 'one').with('a', 'a-b', 'b', 'c', 'q');
    const two = await new Fleet(stores, 'two').with('a');
    await new Fleet(stores, 'one-more').with('idle');
    for (const id of ['a', 'a-b', 'b', 'c']) await one.run(id);
    await two.run('a');
    await one.complete('c', 1);
    await one.queue('q');
    for (const limit of [1, 2, 3, 5]) {
      const found: string[] = [];
      let cursor: string | undefined;
      for (let pages = 0; pages < 9; pages += 1) {
        const page = await stores.census.running({ limit, ...(cursor === undefined ? {} : { cursor }) });
        expect(page.heads.length).toBeLessThanOrEqual(limit);
        found.push(...page.heads.map((head) => `${head.migrationId} ${head.candidateId}`));
        cursor = page.nextCursor;
        if (cursor === undefined) break;
      }
      expect(cursor).toBeUndefined();
      expect(found).toEqual(['one a', 'one a-b', 'one b', 'two a']);
    }
  });

  it('tells where candidates stand, in the order asked', async () => {
    const fleet = await new Fleet(stores).with('a', 'b', 'c');
    await fleet.run('a');
    await fleet.project('a', 3);
    await fleet.cancel('a');
    await fleet.runAndCancel('b');
    const [unknown, b, a, c, nowhere] = await stores.census.heads([
      fleet.address('unknown', 1),
      fleet.address('b', 1),
      fleet.address('a', 1),
      fleet.address('c', 1),
      { migrationId: 'nowhere', candidateId: 'a' },
    ]);
    expect([unknown, nowhere]).toEqual([undefined, undefined]);
    expect(a).toEqual({
      ...{ migrationId: 'move', candidateId: 'a', status: 'running', runAttempt: 1, lastAttempt: 1, seq: 3 },
      ...{
        executionId: 'execution-a-1',
        startedAt: at(4),
        isCancelling: true,
        isWaiting: false,
        nonce: 'nonce-a',
      },
    });
    const none = {
      migrationId: 'move',
      status: 'not_started',
      runAttempt: 0,
      seq: 0,
      nonce: '',
      isCancelling: false,
      isWaiting: false,
    };
    expect(b).toEqual({ ...none, candidateId: 'b', lastAttempt: 1 });
    expect(c).toEqual({ ...none, candidateId: 'c', lastAttempt: 0 });
  });
}

function describeRestore(stores: ReturnType<typeof useStores>): void {
  const manifest = (runAttempt: number, nonce = `restored-${runAttempt}`): RunManifest => ({
    ...{ runId: 'move__a', migrationId: 'move', candidate: { id: 'a' }, inputs: { x: 'y' } },
    ...{ steps: definition().steps, runAttempt, nonce, reservedAt: at(50) },
  });
  const restored = (fleet: Fleet, runAttempt: number, seq = 2, nonce?: string) => ({
    manifest: manifest(runAttempt, nonce),
    executionId: `execution-a-${runAttempt}`,
    view: fleet.view(
      'a',
      seq,
      { status: 'failed', reason: 'why' },
      { runAttempt, inputs: { x: 'y' }, at: at(60) },
    ),
  });

  it('brings back a run that the store has lost, so that all goes on from there', async () => {
    const fleet = await new Fleet(stores).with('a');
    expect(await stores.census.restore(restored(fleet, 3))).toBe('applied');
    const row = await fleet.row('a');
    expect(row).toMatchObject({
      status: 'running',
      updatedAt: at(60),
      run: { attempt: 3, seq: 2, nonce: 'restored-3', startedAt: at(50), executionId: 'execution-a-3' },
    });
    expect(row.run).toMatchObject({
      inputs: { x: 'y' },
      steps: [{ reason: 'why' }, {}],
      attention: { kind: 'step_failed' },
    });
    expect(await stores.reader.manifest('move', 'a')).toEqual(manifest(3));
    expect((await fleet.list({ attention: ['step_failed'] })).counts).toMatchObject({
      running: 1,
      attention: 1,
    });
    expect(await stores.repair.unstarted(at(999), 9)).toEqual([]);
    expect(await stores.census.restore(restored(fleet, 3))).toBe('applied');
    expect(await fleet.row('a')).toEqual(row);
    expect(await fleet.project('a', 3, {}, { runAttempt: 3 })).toBe('applied');
    expect(await stores.census.restore(restored(fleet, 3))).toBe('applied');
    expect((await fleet.row('a')).run?.seq).toBe(3);
    expect(await fleet.settle('a', 3)).toBe('applied');
    expect((await fleet.reserve('a')).runAttempt).toBe(4);
  });

  it('brings back a held run as one that is to be told, and lets an earlier attempt of it go', async () => {
    const fleet = await new Fleet(stores).with('a');
    await fleet.run('a');
    await fleet.project('a', 1, {}, { dispatches: true, holds: true });
    const lost = restored(fleet, 3);
    const view = { ...lost.view, dispatches: true, holds: true };
    expect(await stores.census.restore({ ...lost, view })).toBe('applied');
    expect((await fleet.row('a')).run).toMatchObject({ attempt: 3, heldSince: view.at });
    expect(await stores.held.due(at(9999), 9)).toMatchObject([{ candidateId: 'a', runAttempt: 3 }]);
    const later = restored(fleet, 4);
    expect(await stores.census.restore(later)).toBe('applied');
    expect((await fleet.row('a')).run).not.toHaveProperty('heldSince');
    expect(await stores.held.due(at(9999), 9)).toEqual([]);
  });

  it('replaces an earlier attempt that the store took for running, with all that was recorded of it', async () => {
    const fleet = await new Fleet(stores).with('a');
    await fleet.run('a');
    await fleet.cancel('a');
    expect(await stores.census.restore(restored(fleet, 2))).toBe('applied');
    expect((await fleet.row('a')).run).not.toHaveProperty('cancel');
    expect(await stores.repair.pendingCancels(at(999), 9)).toEqual([]);
    expect(await stores.reader.nonce('move', 'a', 1)).toBe('nonce-a');
    expect((await fleet.list()).counts).toMatchObject({ running: 1, not_started: 0 });
  });

  it('takes a queued candidate out of the queue, since it runs', async () => {
    const fleet = await new Fleet(stores).with('a');
    await fleet.queue('a');
    expect(await stores.census.restore(restored(fleet, 1))).toBe('applied');
    expect((await fleet.list()).counts).toMatchObject({ running: 1, queued: 0 });
  });

  it('touches nothing that the store knows to be over, or to be another', async () => {
    const fleet = await new Fleet(stores).with('a');
    expect(await stores.census.restore({ ...restored(fleet, 1), view: fleet.view('gone', 1) })).toBe(
      'unknown',
    );
    await fleet.runAndCancel('a');
    expect(await stores.census.restore(restored(fleet, 1))).toBe('closed');
    await fleet.run('a', { nonce: 'mine' });
    expect(await stores.census.restore(restored(fleet, 2))).toBe('closed');
    expect((await fleet.row('a')).run).toMatchObject({ attempt: 2, nonce: 'mine' });
    await fleet.complete('a', 9, 2);
    expect(await stores.census.restore(restored(fleet, 2, 9, 'mine'))).toBe('closed');
    expect((await fleet.row('a')).status).toBe('completed');
  });

  it('restores one run however many do it at once', async () => {
    const fleet = await new Fleet(stores).with('a');
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => stores.census.restore(restored(fleet, 1))),
    );
    expect(new Set(outcomes)).toEqual(new Set(['applied']));
    expect((await fleet.list()).counts).toMatchObject({ running: 1, total: 1, attention: 1 });
  });
}
