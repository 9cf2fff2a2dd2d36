import { contractWorlds, runWorld } from '../testing/http-world';
import { M } from '../testing/world';

const worldOf = contractWorlds();

/** Two migrations: in the first `c1` has failed, and after that `c2` was sent and is silent since; in the other nothing. */
async function waitingWorld() {
  const world = await runWorld(worldOf());
  const { announce, failStep, start, worker, clock, stores } = world;
  await announce({ id: 'other' }, [{ id: 'x' }]);
  await failStep();
  clock.advance(1000);
  await start('c2');
  await worker.begin('c2');
  const sentAt = clock.now();
  await worker.project('c2', 0, { status: 'in_progress', attempt: 1, startedAt: sentAt, updatedAt: sentAt });
  clock.advance(1000);
  await stores.attention.markStale({ in_progress: clock.now() }, clock.now());
  return { ...world, sentAt };
}
const COUNTS = { attention: 2, attentionByKind: { step_failed: 1, awaiting_review: 0, stale: 1 } };

describe('GET /attention', () => {
  it('tells who is waited for in any migration, the longest waiting first, a page at a time', async () => {
    const { api, sentAt } = await waitingWorld();
    const { body } = await api.get('/attention?limit=1').expect(200);
    expect(body).toMatchObject({
      items: [{ migrationId: M, candidate: { id: 'c1', attention: { kind: 'step_failed' } } }],
      counts: COUNTS,
    });
    const next = await api.get('/attention').query({ limit: 1, cursor: body.nextCursor }).expect(200);
    expect(next.body).toMatchObject({
      items: [
        {
          migrationId: M,
          candidate: {
            id: 'c2',
            run: { currentStep: { name: 'one', lastHeardAt: sentAt } },
            attention: { kind: 'stale', since: sentAt },
          },
        },
      ],
    });
    expect(next.body).not.toHaveProperty('nextCursor');
  });

  it('narrows to kinds, and counts all', async () => {
    const { api } = await waitingWorld();
    const ids = async (query: string) => {
      const { body } = await api.get(`/attention?${query}`).expect(200);
      expect(body).toMatchObject({ counts: COUNTS });
      return (body as unknown as { items: { candidate: { id: string } }[] }).items.map(
        ({ candidate }) => candidate.id,
      );
    };
    expect(await ids('kind=stale')).toEqual(['c2']);
    expect(await ids('kind=stale&kind=step_failed')).toEqual(['c1', 'c2']);
    expect(await ids('kind=awaiting_review')).toEqual([]);
  });

  it('is empty, never null, and refuses what the contract does not have', async () => {
    const { api } = worldOf();
    const { body } = await api.get('/attention').expect(200);
    expect(body).toEqual({
      items: [],
      counts: { attention: 0, attentionByKind: { step_failed: 0, awaiting_review: 0, stale: 0 } },
    });
    for (const query of ['kind=late', 'limit=0', 'cursor=forged', 'sort=id'])
      await api.get(`/attention?${query}`).expect(400);
  });
});

describe('when a step was last heard of', () => {
  it('is when it was sent, then when its migrator last reported, a repeat included', async () => {
    const { api, sentAt, stores, worker, clock } = await waitingWorld();
    const candidate = async () => (await api.get(`/migrations/${M}/candidates/c2`).expect(200)).body;
    const steps = async () => (await api.get(`/migrations/${M}/candidates/c2/steps`).expect(200)).body;
    const heardAt = (time: string) => ({ run: { currentStep: { lastHeardAt: time } } });
    expect(await candidate()).toMatchObject(heardAt(sentAt));
    expect((await steps()).steps).toEqual([
      expect.not.objectContaining({ lastHeardAt: expect.anything() as unknown }),
      expect.not.objectContaining({ lastHeardAt: expect.anything() as unknown }),
    ]);
    clock.advance(1000);
    const heard = clock.now();
    await worker.project('c2', 0, { status: 'open', lastHeardAt: heard });
    expect(await candidate()).toMatchObject(heardAt(heard));
    expect((await steps()).steps).toMatchObject([{ lastHeardAt: heard }, {}]);
    clock.advance(1000);
    const address = { migrationId: M, candidateId: 'c2', runAttempt: 1, stepIndex: 0, attempt: 1 };
    await stores.runs.heard(address, clock.now());
    expect(await candidate()).toMatchObject(heardAt(clock.now()));
    expect((await steps()).steps).toMatchObject([{ lastHeardAt: clock.now() }, {}]);
  });
});
