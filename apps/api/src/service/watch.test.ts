import { DependencyUnavailableError, InvalidRequestError, MigrationNotFoundError } from '@loom/domain';
import { MemoryExecutionEngine, createMemoryStores } from '@loom/ports/memory';
import { M, createWorld } from '../testing/world';
import { createWatch, type WatchItem } from './watch';

const never = new AbortController().signal;
const options = { waitMs: 5000, resumed: false };
const kinds = (items: WatchItem[]): string[] =>
  items.map((item) => ('event' in item ? item.event.type : 'reset'));

describe('watch', () => {
  it('tells what happens from now on', async () => {
    const { announce, service, start } = createWorld();
    await announce({}, [{ id: 'c1' }]);
    const watch = await service.watch({ migrationId: M }, undefined, options);
    const next = watch.next(never);
    await start('c1');
    const items = await next;
    expect(items[0]).toMatchObject({ event: { type: 'candidate', candidateId: 'c1', status: 'running' } });
  });

  it('closes the gap after a list: what happened since its position is told first', async () => {
    const { announce, service, start } = createWorld();
    await announce({}, [{ id: 'c1' }]);
    const { streamPosition } = await service.listCandidates(M, { limit: 1, sort: 'id' });
    await start('c1');
    const watch = await service.watch({ migrationId: M }, streamPosition, options);
    expect(kinds(await watch.next(never))).toEqual(['candidate', 'counts']);
  });

  it('of a burst tells the newest counts only', async () => {
    const { announce, service } = createWorld();
    await announce();
    const { streamPosition } = await service.listCandidates(M, { limit: 1, sort: 'id' });
    await service.submit(
      M,
      Array.from({ length: 100 }, (_, n) => ({ id: `c${n}` })),
    );
    const items = await (await service.watch({ migrationId: M }, streamPosition, options)).next(never);
    expect(items).toMatchObject([{ event: { type: 'counts', counts: { total: 100 } } }]);
  });

  it('of all migrations keeps their counts apart', async () => {
    const { announce, service } = createWorld();
    const watch = await service.watch('all', undefined, options);
    await announce({}, [{ id: 'c1' }]);
    await announce({ id: 'm2' }, [{ id: 'c1' }]);
    const items = await watch.next(never);
    const told = items.flatMap((item) =>
      'event' in item && item.event.type === 'counts' ? [item.event.migrationId] : [],
    );
    expect(told).toEqual([M, 'm2']);
  });

  it('says once that changes were missed, and goes on with the newest', async () => {
    const stores = createMemoryStores({ streamLength: 3 });
    const world = createWorld({
      migrations: stores.migrations,
      candidates: stores.candidates,
      runs: stores.runs,
      reader: stores.reader,
      events: stores.events,
      engine: new MemoryExecutionEngine(),
    });
    await world.announce();
    const { streamPosition } = await world.service.listCandidates(M, { limit: 1, sort: 'id' });
    for (let n = 0; n < 5; n += 1) await world.service.submit(M, [{ id: `c${n}` }]);
    const watch = await world.service.watch({ migrationId: M }, streamPosition, options);
    const [reset, ...rest] = await watch.next(never);
    expect(reset).toEqual({
      reset: 'events_missed',
      position: await stores.events.position({ migrationId: M }),
    });
    expect(rest).toEqual([]);
    const next = watch.next(never);
    await world.service.submit(M, [{ id: 'later' }]);
    expect(kinds(await next)).toEqual(['counts']);
  });

  it('answers with nothing after a while, and when it is told to stop', async () => {
    const { announce, service } = createWorld();
    await announce();
    const watch = await service.watch({ migrationId: M }, undefined, { waitMs: 10, resumed: false });
    expect(await watch.next(never)).toEqual([]);
    const patient = await service.watch({ migrationId: M }, undefined, options);
    const stop = new AbortController();
    const next = patient.next(stop.signal);
    stop.abort();
    expect(await next).toEqual([]);
  });

  it('refuses an unknown migration and a malformed position before it begins', async () => {
    const { announce, service } = createWorld();
    await announce();
    await expect(service.watch({ migrationId: 'nope' }, undefined, options)).rejects.toThrow(
      MigrationNotFoundError,
    );
    const malformed = service.watch({ migrationId: M }, 'x', options);
    await expect(malformed).rejects.toThrow(InvalidRequestError);
    await expect(malformed).rejects.toMatchObject({ problems: [{ pointer: 'from' }] });
  });

  it('tells a reader that resumes from a position of no stream that it missed some, and goes on from now', async () => {
    const { announce, service, stores } = createWorld();
    await announce();
    const watch = await service.watch({ migrationId: M }, 'x', { waitMs: 5000, resumed: true });
    const position = await stores.events.position({ migrationId: M });
    expect(await watch.next(never)).toEqual([{ reset: 'events_missed', position }]);
    const next = watch.next(never);
    await service.submit(M, [{ id: 'later' }]);
    expect(kinds(await next)).toEqual(['counts']);
    const unknown = service.watch({ migrationId: 'nope' }, 'x', { waitMs: 5000, resumed: true });
    await expect(unknown).rejects.toThrow(MigrationNotFoundError);
  });

  it('lets a reader that resumes in while the store is away, and goes on when it is back', async () => {
    const { announce, service, stores, deps } = createWorld();
    await announce();
    const { streamPosition } = await service.listCandidates(M, { limit: 1, sort: 'id' });
    const away = jest.spyOn(stores.migrations, 'get').mockImplementation(() => {
      throw new DependencyUnavailableError('store', 'gone', true);
    });
    const open = (resumed: boolean) =>
      createWatch(deps)({ migrationId: M }, streamPosition, { waitMs: 5000, resumed });
    await expect(open(false)).rejects.toThrow(DependencyUnavailableError);
    const watch = await open(true);
    await expect(watch.next(never)).rejects.toThrow(DependencyUnavailableError);
    away.mockRestore();
    await service.submit(M, [{ id: 'meanwhile' }]);
    expect(kinds(await watch.next(never))).toEqual(['counts']);
  });
});
