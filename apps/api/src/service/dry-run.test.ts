import { CandidateNotFoundError, MigrationNotFoundError, MigratorCallError } from '@loom/domain';
import { M, createWorld, definition, step } from '../testing/world';

const requiredInputs = [{ name: 'repo', label: 'Repository' }];

async function worldWith() {
  const world = createWorld();
  await world.announce({ requiredInputs }, [
    { id: 'c1', metadata: { team: 'core', repo: 'discovered' } },
    { id: 'own', steps: [step('special')] },
  ]);
  const preview = (candidateId: string, inputs: Record<string, string> = {}) =>
    world.service.dryRun({ migrationId: M, of: { candidateId }, inputs });
  return { ...world, preview };
}

describe('dry run', () => {
  it('asks the migrator of the migration, with migration id, candidate and steps', async () => {
    const { preview, dryRunner } = await worldWith();
    const files = [{ path: 'Chart.yaml', repo: 'r', after: 'x', status: 'new' as const }];
    dryRunner.answer([{ stepName: 'one', skipped: false, files }]);
    expect(await preview('c1')).toEqual([{ stepName: 'one', skipped: false, files }]);
    expect(dryRunner.calls).toEqual([
      {
        migratorUrl: definition().migratorUrl,
        migrationId: M,
        candidate: { id: 'c1', metadata: { team: 'core', repo: 'discovered' } },
        steps: definition().steps,
      },
    ]);
  });

  it("takes the candidate's own steps where it has any", async () => {
    const { preview, dryRunner } = await worldWith();
    await preview('own');
    expect(dryRunner.calls[0]?.steps).toEqual([step('special')]);
  });

  it('merges inputs into the metadata: given ones over those of the run, over those discovered', async () => {
    const { preview, dryRunner, start } = await worldWith();
    await preview('c1', { repo: 'given' });
    await start('c1', { repo: 'kept' });
    await preview('c1');
    await preview('c1', { repo: 'given' });
    expect(dryRunner.calls.map(({ candidate }) => candidate.metadata?.['repo'])).toEqual([
      'given',
      'kept',
      'given',
    ]);
  });

  it('works in any status and changes nothing', async () => {
    const { preview, start, worker, run, dryRunner } = await worldWith();
    await start('c1', { repo: 'x' });
    await preview('c1');
    await worker.begin('c1');
    await worker.complete('c1');
    const before = await run('c1');
    await preview('c1');
    expect(await run('c1')).toEqual(before);
    expect(dryRunner.calls).toHaveLength(2);
  });

  it('takes a candidate in full that need not be known', async () => {
    const { service, dryRunner } = await worldWith();
    const candidate = { id: 'unheard-of', steps: [step('own')] };
    await service.dryRun({ migrationId: M, of: { candidate }, inputs: { repo: 'x' } });
    expect(dryRunner.calls).toMatchObject([
      { candidate: { ...candidate, metadata: { repo: 'x' } }, steps: [{ name: 'own' }] },
    ]);
  });

  it('refuses an unknown input, and a given candidate that no submit would take', async () => {
    const { preview, service } = await worldWith();
    await expect(preview('c1', { other: 'x' })).rejects.toMatchObject({
      problems: [{ pointer: '/inputs/other' }],
    });
    const given = (candidate: object) =>
      service.dryRun({ migrationId: M, of: { candidate: { id: 'x', ...candidate } }, inputs: {} });
    await expect(given({ steps: [step('a'), step('a')] })).rejects.toMatchObject({
      problems: [{ pointer: '/candidate/steps/1/name' }],
    });
    await expect(given({ kind: 'x'.repeat(70_000) })).rejects.toMatchObject({ code: 'payload_too_large' });
  });

  it('of something unknown says which part is', async () => {
    const { preview, service } = await worldWith();
    await expect(preview('nope')).rejects.toThrow(CandidateNotFoundError);
    await expect(
      service.dryRun({ migrationId: 'nope', of: { candidateId: 'c1' }, inputs: {} }),
    ).rejects.toThrow(MigrationNotFoundError);
  });

  it('tells how the migrator failed', async () => {
    const { preview, dryRunner } = await worldWith();
    dryRunner.answer(new MigratorCallError('migrator_timeout', 'no answer'));
    await expect(preview('c1')).rejects.toMatchObject({ code: 'migrator_timeout' });
  });
});
