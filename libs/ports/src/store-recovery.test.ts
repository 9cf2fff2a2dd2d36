import { storeMemoryContract } from './contract/store-recovery';
import { createMemoryStores } from './memory/memory-stores';
import { MemoryStoreMemory } from './memory/memory-store-recovery';
import { identifyStore } from './store-recovery';

storeMemoryContract('memory', () => new MemoryStoreMemory());

describe('identifyStore', () => {
  const fresh = () => {
    const stores = createMemoryStores();
    stores.lose();
    return stores.recovery;
  };
  const newId = () => 'new';

  it('names a new store, and has it remembered', async () => {
    const [recovery, memory] = [fresh(), new MemoryStoreMemory()];
    expect(await identifyStore({ recovery, memory, newId })).toBe('sound');
    expect([await recovery.identity(), await memory.remembered()]).toEqual([{ id: 'new' }, 'new']);
    expect(await identifyStore({ recovery, memory, newId })).toBe('sound');
  });

  it('has a store remembered that was named before a crash', async () => {
    const [recovery, memory] = [fresh(), new MemoryStoreMemory()];
    await recovery.adopt('named');
    expect(await identifyStore({ recovery, memory, newId })).toBe('sound');
    expect(await memory.remembered()).toBe('named');
  });

  it('tells a store that has lost its data, or holds others, and names it no more', async () => {
    const recovery = fresh();
    expect(await identifyStore({ recovery, memory: new MemoryStoreMemory('old'), newId })).toBe('lost');
    expect(await recovery.identity()).toEqual({});
    await recovery.adopt('of another');
    expect(await identifyStore({ recovery, memory: new MemoryStoreMemory('old'), newId })).toBe('lost');
  });

  it('takes no store for lost that another names just then', async () => {
    const [recovery, memory] = [fresh(), new MemoryStoreMemory()];
    const other = { recovery, memory, newId: () => 'theirs' };
    const interrupted = {
      remember: (id: string) => memory.remember(id),
      remembered: async () => (await identifyStore(other), memory.remembered()),
    };
    expect(await identifyStore({ recovery, memory: interrupted, newId })).toBe('sound');
    expect(await recovery.identity()).toEqual({ id: 'theirs' });
  });

  it('gives one name, however many ask at once', async () => {
    const [recovery, memory] = [fresh(), new MemoryStoreMemory()];
    let ids = 0;
    const ask = () => identifyStore({ recovery, memory, newId: () => `id-${(ids += 1)}` });
    expect(new Set(await Promise.all([ask(), ask(), ask()]))).toEqual(new Set(['sound']));
    expect((await recovery.identity()).id).toBe(await memory.remembered());
  });
});
