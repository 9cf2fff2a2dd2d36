import { CandidateNotFoundError, MigrationNotFoundError, RunNotFoundError } from '@loom/domain';
import { M, RUN, createWorld } from '../testing/world';

const at = (candidateId: string) => ({ migrationId: M, candidateId });

async function worldWith() {
  const world = createWorld();
  await world.announce({}, [{ id: 'idle' }, { id: 'queued' }, { id: 'running' }]);
  await world.service.queue({ ...at('queued'), inputs: {} });
  await world.start('running');
  return world;
}

describe('reads', () => {
  it('neither write nor ask the engine', async () => {
    const { service, engine, stores } = await worldWith();
    engine.fail({ certain: true });
    const position = await stores.events.position('all');
    await service.listMigrations({ limit: 10 });
    await service.getMigration(M, ['candidateRuns', 'cancelledAttempts']);
    await service.listCandidates(M, { limit: 10, sort: 'id' });
    await service.facets(M, ['kind']);
    await service.getCandidate(at('running'));
    await service.getRun(at('running'));
    await service.cancelledAttempts(M, { limit: 10 });
    expect(await stores.events.position('all')).toBe(position);
  });

  it('of a migration add runs and cancelled attempts only where asked for', async () => {
    const { service } = await worldWith();
    await service.cancel({ ...at('queued') });
    expect(Object.keys(await service.getMigration(M, []))).toEqual(['migration']);
    const view = await service.getMigration(M, ['candidateRuns', 'cancelledAttempts']);
    expect(view.candidateRuns).toMatchObject([{ runId: RUN('running'), status: 'running', attempt: 1 }]);
    expect(view.cancelledAttempts).toMatchObject([{ runId: RUN('queued'), attempt: 1 }]);
  });

  it('of steps show the whole plan from the reservation on, also after the end', async () => {
    const { service, worker } = await worldWith();
    const plan = [
      { stepName: 'one', status: 'not_started', attempt: 0 },
      { stepName: 'two', status: 'not_started', attempt: 0 },
    ];
    expect((await service.getRun(at('running'))).steps).toEqual(plan);
    await worker.begin('running');
    await worker.project('running', 0, { status: 'merged', attempt: 1 });
    await worker.complete('running');
    const { status, steps } = await service.getRun(at('running'));
    expect([status, steps[0]?.status]).toEqual(['completed', 'merged']);
  });

  it.each(['idle', 'queued'])('of steps find no run of a candidate that is %s', async (candidateId) => {
    const { service } = await worldWith();
    await expect(service.getRun(at(candidateId))).rejects.toThrow(RunNotFoundError);
  });

  it('of a cancelled run show no steps that it never finished', async () => {
    const { service, worker } = await worldWith();
    await worker.begin('running');
    await worker.project('running', 0, { status: 'open', attempt: 1 });
    await service.cancel({ ...at('running') });
    await worker.settle('running');
    await expect(service.getRun(at('running'))).rejects.toThrow(RunNotFoundError);
    const [attempt] = (await service.cancelledAttempts(M, { limit: 1 })).rows;
    expect(attempt?.steps.map(({ status }) => status)).toEqual(['open', 'not_started']);
  });

  it('of what is unknown are errors, never empty answers', async () => {
    const { service } = await worldWith();
    const nowhere = { migrationId: 'nope', candidateId: 'idle' };
    await expect(service.getMigration('nope', [])).rejects.toThrow(MigrationNotFoundError);
    await expect(service.listCandidates('nope', { limit: 1, sort: 'id' })).rejects.toThrow(
      MigrationNotFoundError,
    );
    await expect(service.facets('nope', ['kind'])).rejects.toThrow(MigrationNotFoundError);
    await expect(service.cancelledAttempts('nope', { limit: 1 })).rejects.toThrow(MigrationNotFoundError);
    await expect(service.getCandidate(nowhere)).rejects.toThrow(MigrationNotFoundError);
    await expect(service.getCandidate(at('nope'))).rejects.toThrow(CandidateNotFoundError);
  });
});
