import type { StoreMemory } from '../store-recovery';
import { at, definition, Fleet } from './fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** What every StoreRecovery does. The stores under test are named, and sound. */
export function describeStoreRecovery(name: string, make: MakeStores): void {
  describe(`${name} as a StoreRecovery`, () => {
    const stores = useStores(make);
    describeIdentity(stores);
    describeNumbers(stores);
    describeWaiting(stores);
  });
}

type Under = ReturnType<typeof useStores>;

const refused = (because: string) => ({ outcome: 'refused', because });
const unknown = refused('attempt_unknown');
const undetermined = refused('undetermined');

/** As after a loss that was found: nothing is known but what was raised. */
async function lose(stores: Under): Promise<void> {
  await stores.recovery.distrust();
  await stores.recovery.adopt('again', at(500));
}

const reserve = async (stores: Under, id: string, firstAttempt?: number) => {
  const draft = await new Fleet(stores).draft(id);
  const result = await stores.runs.reserve(firstAttempt === undefined ? draft : { ...draft, firstAttempt });
  return result.outcome === 'reserved' ? result.manifest.runAttempt : result;
};

function describeIdentity(stores: Under): void {
  it('keeps the id that it was given first', async () => {
    const { id } = await stores.recovery.identity();
    expect(id).toEqual(expect.any(String));
    expect(await stores.recovery.adopt('another')).toBe(id);
    expect(await stores.recovery.identity()).toEqual({ id });
    await lose(stores);
    expect(await stores.recovery.identity()).toEqual({ id: 'again', lostAt: at(500) });
  });

  it('begins nothing of a migration that is announced while the store has no id, until it is settled', async () => {
    await stores.recovery.distrust();
    await new Fleet(stores).with('a', 'q');
    expect(await reserve(stores, 'a')).toEqual(undetermined);
    await stores.recovery.settle('move');
    expect(await reserve(stores, 'a')).toEqual(undetermined);
    await new Fleet(stores).queue('q');
    expect(await new Fleet(stores).cancel('q')).toEqual(undetermined);
    expect(await stores.recovery.isUndetermined('move', 'a')).toBe(true);
    await stores.recovery.adopt('new');
    expect(await reserve(stores, 'a')).toEqual(undetermined);
    await stores.recovery.settle('move');
    expect(await reserve(stores, 'a')).toBe(1);
    expect(await stores.recovery.isUndetermined('move', 'a')).toBe(false);
    expect(await new Fleet(stores).cancel('q')).toEqual({ outcome: 'ended_queued' });
  });

  it('settles all migrations, and none twice', async () => {
    await stores.recovery.distrust();
    await new Fleet(stores).with('a');
    await stores.recovery.adopt('new');
    await stores.recovery.settleAll();
    expect(await reserve(stores, 'a')).toBe(1);
    await stores.recovery.settleAll();
    expect((await new Fleet(stores).row('a')).status).toBe('running');
  });
}

function describeNumbers(stores: Under): void {
  it('begins with no number that a loss may have taken along, until an admin says one', async () => {
    await lose(stores);
    const fleet = await new Fleet(stores).with('a', 'b', 'c');
    expect(await reserve(stores, 'a')).toEqual(unknown);
    await fleet.queue('b');
    expect(await fleet.cancel('b')).toEqual(unknown);
    expect(await reserve(stores, 'a', 7)).toBe(7);
    await fleet.begin('a', 7);
    await fleet.cancel('a');
    await fleet.settle('a', 7);
    expect(await reserve(stores, 'a', 9)).toEqual(refused('attempt_known'));
    expect(await reserve(stores, 'a')).toBe(8);
    expect(await stores.recovery.accept(20, 'nowhere')).toBe(0);
    const by = { actor: { id: 'ann', role: 'admin' }, reason: 'looked at the targets' } as const;
    expect(await stores.recovery.accept(20, 'move', by)).toBe(1);
    const [entry] = (await stores.audit.list({ migrationId: 'move', limit: 1 })).rows;
    expect(entry).toMatchObject({ ...by, action: 'accept_attempts', after: { firstAttempt: 20 } });
    expect(await stores.recovery.accept(30, 'move')).toBe(0);
    expect(await reserve(stores, 'c')).toBe(20);
    expect(await reserve(stores, 'b')).toBe(20);
  });

  it('takes every migration for a new one again once the loss is accepted as a whole', async () => {
    await lose(stores);
    await new Fleet(stores).with('a');
    expect(await stores.recovery.accept(5)).toBe(1);
    await new Fleet(stores, 'later').with('a');
    expect(await reserve(stores, 'a')).toBe(5);
    const later = await new Fleet(stores, 'later').reserve('a');
    expect(later.runAttempt).toBe(1);
  });

  it('refuses a first number where nothing was lost', async () => {
    await new Fleet(stores).with('a');
    expect(await reserve(stores, 'a', 2)).toEqual(refused('attempt_known'));
    expect(await reserve(stores, 'a')).toBe(1);
  });

  it('leaves what it knows of migrations that were not lost', async () => {
    const fleet = await new Fleet(stores).with('a', 'b');
    await fleet.runAndCancel('a');
    await lose(stores);
    await stores.recovery.settleAll();
    expect(await reserve(stores, 'a')).toBe(2);
    expect(await reserve(stores, 'b')).toEqual(unknown);
  });
}

function describeWaiting(stores: Under): void {
  it('keeps counters of candidates that it does not know yet, and lets them wait until they are resolved', async () => {
    await lose(stores);
    const known = (candidateId: string, runAttempt: number) => ({ candidateId, runAttempt, isOpen: true });
    await stores.recovery.raiseAttempts('move', [known('a', 2), known('b', 1), known('a', 4), known('a', 3)]);
    expect(await stores.recovery.waiting(9)).toEqual({ runs: [], total: 0 });
    const fleet = await new Fleet(stores).with('a', 'c');
    const waits = (candidateId: string) => ({ migrationId: 'move', candidateId });
    expect(await stores.recovery.waiting(9)).toEqual({ runs: [waits('a'), waits('b')], total: 2 });
    expect(await stores.recovery.waiting(1)).toEqual({ runs: [waits('a')], total: 2 });
    expect((await fleet.list()).counts).toMatchObject({ not_started: 2, total: 2 });
    expect(await reserve(stores, 'a')).toEqual(undetermined);
    expect(await stores.recovery.isUndetermined('move', 'a')).toBe(true);
    await stores.recovery.resolve('move', 'a');
    expect(await reserve(stores, 'a')).toBe(5);
    await fleet.submit('b');
    expect(await reserve(stores, 'b', 1)).toBe(2);
    expect(await stores.recovery.waiting(9)).toEqual({ runs: [], total: 0 });
    expect(await reserve(stores, 'c')).toEqual(unknown);
  });

  it('lets open attempts come first, in whatever migration, and last those that were postponed', async () => {
    await lose(stores);
    const known = (candidateId: string, runAttempt: number, isOpen: boolean) => ({
      ...{ candidateId, runAttempt, isOpen },
    });
    await stores.recovery.raiseAttempts('move', [
      known('ended', 1, false),
      known('began-again', 1, false),
      known('open', 1, true),
      known('began-again', 2, true),
    ]);
    await stores.recovery.raiseAttempts('other', [known('open', 1, true), known('ended', 1, false)]);
    await new Fleet(stores).with('open');
    await stores.migrations.announce({ ...definition(), id: 'other' }, at(1));
    const waiting = async (limit: number) => {
      const { runs, total } = await stores.recovery.waiting(limit);
      expect(total).toBe(5);
      return runs.map(({ migrationId, candidateId }) => `${migrationId} ${candidateId}`);
    };
    const all = await waiting(9);
    const open = ['move began-again', 'move open', 'other open'];
    expect(all.slice(0, 3).sort()).toEqual(open);
    expect(all.slice(3).sort()).toEqual(['move ended', 'other ended']);
    expect((await waiting(3)).sort()).toEqual(open);
    await stores.recovery.postpone('move', 'open');
    expect((await waiting(9)).at(-1)).toBe('move open');
    await stores.recovery.postpone('move', 'nobody');
    expect(await waiting(9)).toHaveLength(5);
  });

  it('raises counters of candidates that it knows, and never lowers one', async () => {
    const fleet = await new Fleet(stores).with('a', 'b');
    await fleet.runAndCancel('a');
    await fleet.runAndCancel('a', { nonce: 'second' });
    await stores.recovery.raiseAttempts('move', [
      { candidateId: 'a', runAttempt: 1, isOpen: false },
      { candidateId: 'b', runAttempt: 6, isOpen: false },
    ]);
    expect(await reserve(stores, 'a')).toBe(3);
    expect(await reserve(stores, 'b')).toEqual(undetermined);
    const [head] = await stores.census.heads([fleet.address('b', 1)]);
    expect(head).toMatchObject({ status: 'not_started', lastAttempt: 6, isWaiting: true });
  });

  it('restores the attempt that was raised, which resolves it', async () => {
    await lose(stores);
    await stores.recovery.raiseAttempts('move', [{ candidateId: 'a', runAttempt: 3, isOpen: true }]);
    const fleet = await new Fleet(stores).with('a');
    const manifest = {
      ...{ runId: 'move__a', migrationId: 'move', candidate: { id: 'a' }, inputs: {}, nonce: 'n' },
      ...{ steps: definition().steps, runAttempt: 3, reservedAt: at(50) },
    };
    const view = fleet.view('a', 1, {}, { runAttempt: 3 });
    const restore = () => stores.census.restore({ manifest, executionId: 'x', view });
    expect(await restore()).toBe('applied');
    expect((await fleet.row('a')).run).toMatchObject({ status: 'running', attempt: 3, nonce: 'n' });
    expect(await stores.recovery.waiting(9)).toEqual({ runs: [], total: 0 });
    await fleet.settle('a', 3);
    expect(await restore()).toBe('closed');
    expect(await reserve(stores, 'a')).toBe(4);
  });
}

/** What every StoreMemory does; `make` makes one that remembers nothing. */
export function storeMemoryContract(name: string, make: () => StoreMemory): void {
  describe(`${name} as a StoreMemory`, () => {
    it('remembers the first id, however many tell it one', async () => {
      const memory = make();
      expect(await memory.remembered()).toBeUndefined();
      const told = await Promise.all(['a', 'b', 'c'].map((id) => memory.remember(id)));
      expect(new Set(told).size).toBe(1);
      expect(await memory.remembered()).toBe(told[0]);
      expect(await memory.remember('d')).toBe(told[0]);
    });
  });
}
