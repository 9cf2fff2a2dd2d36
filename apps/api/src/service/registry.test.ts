import {
  InvalidRequestError,
  LIMITS,
  MigrationNotFoundError,
  MigratorCallError,
  PayloadTooLargeError,
} from '@loom/domain';
import { M, createWorld, definition, step } from '../testing/world';

describe('announce', () => {
  it('registers a migration', async () => {
    const { announce, service } = createWorld();
    expect(await announce()).toMatchObject({ ...definition(), revision: 1, counts: { total: 0 } });
    expect((await service.getMigration(M, [])).migration).toMatchObject({ id: M });
  });

  it('again keeps createdAt and candidates, and counts revisions only where something changed', async () => {
    const { announce, service, clock } = createWorld();
    const first = await announce({}, [{ id: 'c1' }]);
    clock.advance(1000);
    expect(await announce()).toMatchObject({
      revision: 1,
      createdAt: first.createdAt,
      lastAnnouncedAt: clock.now(),
    });
    clock.advance(1000);
    const changed = await announce({ name: 'Another name' });
    expect(changed).toMatchObject({ revision: 2, createdAt: first.createdAt, updatedAt: clock.now() });
    expect((await service.getMigration(M, [])).migration.counts.total).toBe(1);
  });

  it('merges its candidates exactly as a submit would, and answers with their counts', async () => {
    const { announce, start, service } = createWorld();
    expect((await announce({}, [{ id: 'c1' }, { id: 'c2' }])).counts).toMatchObject({
      not_started: 2,
      total: 2,
    });
    await start('c1');
    const after = await announce({}, [{ id: 'c1', kind: 'new' }, { id: 'c2', kind: 'new' }, { id: 'c3' }]);
    expect(after.counts).toMatchObject({ running: 1, not_started: 2, total: 3 });
    const kinds = ['c1', 'c2'].map(async (candidateId) => {
      return (await service.getCandidate({ migrationId: M, candidateId })).candidate.kind;
    });
    expect(await Promise.all(kinds)).toEqual([undefined, 'new']);
  });

  it('never touches the state of a run', async () => {
    const { announce, start, run, worker } = createWorld();
    await announce({}, [{ id: 'c1' }]);
    await start('c1');
    await worker.begin('c1');
    await worker.project('c1', 0, { status: 'open', attempt: 1 });
    const before = await run('c1');
    await announce({ steps: [step('other')], name: 'changed' }, [{ id: 'c1', kind: 'changed' }]);
    expect(await run('c1')).toEqual(before);
  });

  it('loses nothing to submits at the same time', async () => {
    const { announce, service } = createWorld();
    await announce();
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => [
        announce({ name: `name ${n}` }, [{ id: `a${n}` }]),
        service.submit(M, [{ id: `s${n}` }]),
      ]).flat(),
    );
    expect((await service.getMigration(M, [])).migration.counts).toMatchObject({
      not_started: 40,
      total: 40,
    });
  });

  it.each([
    ['a step name that stands twice', { steps: [step('one'), step('two'), step('one')] }, '/steps/2/name'],
    ['a relative migrator URL', { migratorUrl: '/here' }, '/migratorUrl'],
    ['a migrator URL of another protocol', { migratorUrl: 'ftp://host/x' }, '/migratorUrl'],
    [
      'an input name that stands twice',
      {
        requiredInputs: [
          { name: 'a', label: 'A' },
          { name: 'a', label: 'B' },
        ],
      },
      '/requiredInputs/1/name',
    ],
  ])('refuses %s and writes nothing', async (_what, over, pointer) => {
    const { announce, service } = createWorld();
    const error = await announce(over).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect((error as InvalidRequestError).problems).toEqual([expect.objectContaining({ pointer })]);
    await expect(service.getMigration(M, [])).rejects.toThrow(MigrationNotFoundError);
  });

  it.each([
    'http://169.254.169.254/latest',
    'http://2852039166/',
    'http://[fe80::1]:80',
    'http://[::ffff:169.254.169.254]/',
    'http://metadata.google.internal',
  ])('refuses %s, where a cloud keeps its credentials', async (migratorUrl) => {
    const { announce } = createWorld();
    await expect(announce({ migratorUrl })).rejects.toMatchObject({ code: 'migrator_url_not_allowed' });
    await expect(announce({ migratorUrl })).rejects.toThrow(MigratorCallError);
  });

  it('refuses a definition over its limit, and one bad candidate with all the rest', async () => {
    const { announce, service } = createWorld();
    await expect(announce({ description: 'x'.repeat(LIMITS.definitionBytes) })).rejects.toThrow(
      PayloadTooLargeError,
    );
    await expect(announce({}, [{ id: 'ok' }, { id: 'ok' }])).rejects.toThrow(InvalidRequestError);
    await expect(service.getMigration(M, [])).rejects.toThrow(MigrationNotFoundError);
  });

  it('lets errors of the store surface', async () => {
    const { deps } = createWorld();
    const broken = createWorld({
      migrations: Object.assign(Object.create(deps.migrations) as typeof deps.migrations, {
        announce: () => Promise.reject(new Error('store broke')),
      }),
    });
    await expect(broken.announce()).rejects.toThrow('store broke');
  });
});

describe('submit', () => {
  it('replaces what has not started, leaves what runs or is completed, and keeps what is absent', async () => {
    const { announce, start, service, worker } = createWorld();
    await announce(
      {},
      ['idle', 'queued', 'running', 'completed', 'absent'].map((id) => ({ id, kind: 'old' })),
    );
    await service.queue({ migrationId: M, candidateId: 'queued', inputs: {} });
    await start('running');
    await start('completed');
    await worker.begin('completed');
    await worker.complete('completed');
    const found = ['idle', 'queued', 'running', 'completed', 'brand-new'].map((id) => ({ id, kind: 'new' }));
    expect(await service.submit(M, found)).toEqual({ added: 1, updated: 2, unchanged: 0, preserved: 2 });
    expect(await service.submit(M, found)).toEqual({ added: 0, updated: 0, unchanged: 3, preserved: 2 });
    const page = await service.listCandidates(M, { limit: 10, sort: 'id' });
    expect(
      Object.fromEntries(page.rows.map((row) => [row.candidate.id, [row.status, row.candidate.kind]])),
    ).toEqual({
      absent: ['not_started', 'old'],
      'brand-new': ['not_started', 'new'],
      completed: ['completed', 'old'],
      idle: ['not_started', 'new'],
      queued: ['queued', 'new'],
      running: ['running', 'old'],
    });
  });

  it('of an unknown migration is refused, also with nothing in it', async () => {
    const { service } = createWorld();
    await expect(service.submit('nope', [{ id: 'c' }])).rejects.toThrow(MigrationNotFoundError);
    await expect(service.submit('nope', [])).rejects.toThrow(MigrationNotFoundError);
  });

  it('names each id that stands twice and each step name that stands twice', async () => {
    const { announce, service } = createWorld();
    await announce();
    const found = [{ id: 'a' }, { id: 'b', steps: [step('x'), step('x')] }, { id: 'a' }];
    await expect(service.submit(M, found)).rejects.toMatchObject({
      problems: [
        { pointer: '/candidates/1/steps/1/name', message: 'stands twice' },
        { pointer: '/candidates/2/id', message: 'stands twice' },
      ],
    });
    expect((await service.listCandidates(M, { limit: 10, sort: 'id' })).rows).toEqual([]);
  });

  it('refuses a candidate over 64 KiB, counted in bytes of UTF-8', async () => {
    const { announce, service } = createWorld();
    await announce();
    const padded = (char: string, bytes: number) => ({
      id: 'a',
      kind: char.repeat(bytes / Buffer.byteLength(char)),
    });
    const overhead = JSON.stringify({ id: 'a', kind: '' }).length;
    const room = LIMITS.candidateBytes - overhead;
    await service.submit(M, [padded('x', room)]);
    await expect(service.submit(M, [padded('x', room + 1)])).rejects.toMatchObject({
      problems: [{ pointer: '/candidates/0', message: `has ${LIMITS.candidateBytes + 1} bytes` }],
    });
    await expect(service.submit(M, [padded('é', LIMITS.candidateBytes)])).rejects.toThrow(
      PayloadTooLargeError,
    );
  });
});
