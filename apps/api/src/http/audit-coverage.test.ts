import { openApiDocument } from '@loom/api-types';
import type { AuditEntry } from '@loom/domain';
import type { createHttpWorld } from '../testing/http-world';
import { contractWorlds } from '../testing/http-world';
import type { Call } from '../testing/api-client';
import { M, definition } from '../testing/world';

type Item = Record<string, { operationId?: string } | undefined>;
type World = ReturnType<typeof createHttpWorld>;

/** Every operation that this server serves and that may change something, straight from the contract. */
const MUTATING = Object.values(openApiDocument['paths'] as Record<string, Item>)
  .filter((item) => item['x-loom-served-by'] === undefined)
  .flatMap((item) => ['post', 'put', 'patch', 'delete'].flatMap((method) => item[method]?.operationId ?? []));

/**
 * Those that change nothing: a preview asks the migrator, and keeps neither the question nor the answer; a
 * reconciliation looks, and each repair has an entry of its own.
 */
const CHANGE_NOTHING = ['dryRunCandidate', 'dryRunMigration', 'reconcile'];

const AT = `/migrations/${M}/candidates/c1`;
const failed = async (world: World) => {
  await world.start('c1');
  await world.worker.begin('c1');
  await world.worker.project('c1', 0, { status: 'failed', attempt: 1 });
};
const completed = async (world: World) => {
  await world.start('c1');
  await world.worker.begin('c1');
  await world.worker.complete('c1');
};
const queued = (world: World) => world.service.queue({ migrationId: M, candidateId: 'c1', inputs: {} });

/** Of each operation: what must be before it, the request, and the action that its entry names. */
const CASES: Record<
  string,
  {
    action: string;
    /** It holds for all migrations, so its entry names none. */
    ofAll?: true;
    before?: (world: World) => PromiseLike<unknown>;
    call: (world: World) => Call;
  }
> = {
  announceMigration: {
    action: 'announce',
    call: ({ api }) => api.post('/registry/announce').send(definition({ name: 'changed' })),
  },
  submitCandidates: {
    action: 'submit',
    call: ({ api }) => api.post(`/migrations/${M}/candidates`).send({ candidates: [{ id: 'new' }] }),
  },
  pruneCandidates: {
    action: 'prune',
    call: ({ api }) => api.post(`/migrations/${M}/candidates/prune`).send({ ids: ['c1'] }),
  },
  startCandidate: { action: 'start', call: ({ api }) => api.post(`${AT}/start`) },
  queueCandidate: { action: 'queue', call: ({ api }) => api.post(`${AT}/queue`) },
  dequeueCandidate: { action: 'dequeue', before: queued, call: ({ api }) => api.delete(`${AT}/dequeue`) },
  executeCandidate: { action: 'execute', before: queued, call: ({ api }) => api.post(`${AT}/execute`) },
  cancelCandidate: {
    action: 'cancel',
    before: failed,
    call: ({ api }) => api.post(`${AT}/cancel`).send({ reason: 'why' }),
  },
  resetCandidate: {
    action: 'reset',
    before: completed,
    call: ({ api }) => api.post(`${AT}/reset`).send({ reason: 'why' }),
  },
  retryStep: {
    action: 'retry',
    before: failed,
    call: ({ api }) => api.post(`${AT}/retry-step`).send({ stepName: 'one' }),
  },
  updateInputs: {
    action: 'update_inputs',
    before: failed,
    call: ({ api }) => api.patch(`${AT}/inputs`).send({ inputs: { repo: 'x' } }),
  },
  archiveMigration: { action: 'archive', call: ({ api }) => api.post(`/migrations/${M}/archive`) },
  unarchiveMigration: {
    action: 'unarchive',
    before: ({ api }) => api.post(`/migrations/${M}/archive`).expect(200),
    call: ({ api }) => api.post(`/migrations/${M}/unarchive`),
  },
  pauseMigration: { action: 'pause', call: ({ api }) => api.post(`/migrations/${M}/pause`) },
  resumeMigration: {
    action: 'resume',
    before: ({ api }) => api.post(`/migrations/${M}/pause`).expect(200),
    call: ({ api }) => api.post(`/migrations/${M}/resume`),
  },
  limitMigration: {
    action: 'limit',
    call: ({ api }) => api.put(`/migrations/${M}/limits`).send({ maxRunning: 5 }),
  },
  limitAll: {
    action: 'limit',
    ofAll: true,
    call: ({ api }) => api.put('/admin/limits').send({ maxRunning: 5 }),
  },
  pauseAll: { action: 'pause', ofAll: true, call: ({ api }) => api.post('/admin/pause') },
  resumeAll: {
    action: 'resume',
    ofAll: true,
    before: ({ api }) => api.post('/admin/pause').expect(200),
    call: ({ api }) => api.post('/admin/resume'),
  },
  raiseEvent: {
    action: 'event',
    before: (world) => world.start('c1'),
    call: ({ api }) =>
      api.post(`/event/${M}__c1`).send({ stepName: 'one', candidateId: 'c1', status: 'open' }),
  },
  acceptLostAttempts: {
    action: 'accept_attempts',
    before: async ({ stores }) => {
      await stores.recovery.distrust();
      await stores.recovery.adopt('again', '2026-01-01T00:00:00.000Z');
      await stores.recovery.settleAll();
    },
    call: ({ api }) => api.post('/admin/recovery/accept').send({ firstAttempt: 7 }),
  },
};

const make = contractWorlds();

describe('every operation that changes something', () => {
  it('is known here: a new one says what its audit entry is, or why it has none', () => {
    expect([...Object.keys(CASES), ...CHANGE_NOTHING].sort()).toEqual([...MUTATING].sort());
  });

  it.each(Object.entries(CASES))(
    '%s leaves an entry with actor, action, request and client',
    async (_id, each) => {
      const world = make();
      await world.announce({ requiredInputs: [] }, [{ id: 'c1' }]);
      if (each.action === 'update_inputs')
        await world.announce({ requiredInputs: [{ name: 'repo', label: 'R' }] });
      const prepared = each.action === 'update_inputs' ? startWith(world) : each.before?.(world);
      await prepared;
      const known = await entriesOf(world);
      const answer = await each.call(world).set('x-request-id', 'the-request');
      expect(answer.status).toBeLessThan(300);
      const added = (await entriesOf(world)).slice(0, -known.length);
      expect(added).toMatchObject([
        {
          action: each.action,
          actor: { id: 'anonymous', role: 'admin' },
          requestId: 'the-request',
          from: expect.stringMatching(/^(127\.|::1)/) as string,
          ...(each.ofAll === true ? {} : { migrationId: M }),
        },
      ]);
      expect(added.map((entry) => 'migrationId' in entry)).toEqual([each.ofAll !== true]);
    },
  );

  it.each(CHANGE_NOTHING)('%s leaves none', async (id) => {
    const world = make();
    await world.announce({}, [{ id: 'c1' }]);
    const known = await entriesOf(world);
    const path = id === 'dryRunCandidate' ? `${AT}/dry-run` : `/migrations/${M}/dry-run`;
    await world.api.post(path).send({ candidateId: 'c1' }).expect(200);
    expect(await entriesOf(world)).toEqual(known);
  });
});

async function startWith(world: World): Promise<void> {
  await world.start('c1', { repo: 'before' });
}

async function entriesOf({ stores }: World): Promise<AuditEntry[]> {
  return (await stores.audit.list({ limit: 1000 })).rows;
}
