import { DependencyUnavailableError, MigratorCallError } from '@loom/domain';
import { contractWorlds, runWorld } from '../testing/http-world';
import { M, step } from '../testing/world';

const requiredInputs = [{ name: 'repo', label: 'Repository' }];
const worldOf = contractWorlds();
const httpWorld = (over: Parameters<typeof runWorld>[1] = {}) => runWorld(worldOf(), over);

describe('dry runs', () => {
  const files = [{ path: 'a.yaml', repo: 'r', before: 'x', after: 'y', status: 'modified' as const }];

  it('of a known candidate', async () => {
    const { post, api, dryRunner } = await httpWorld({ requiredInputs });
    dryRunner.answer([
      { stepName: 'one', skipped: false, files },
      { stepName: 'two', skipped: true, error: 'e' },
    ]);
    const expected = {
      steps: [
        { stepName: 'one', skipped: false, files },
        { stepName: 'two', skipped: true, error: 'e' },
      ],
    };
    await post('dry-run').expect(200, expected);
    await post('dry-run', { inputs: { repo: 'x' } }).expect(200, expected);
    await api
      .post(`/migrations/${M}/dry-run`)
      .send({ candidateId: 'c1', inputs: { repo: 'x' } })
      .expect(200, expected);
    expect(dryRunner.calls.map(({ candidate }) => candidate.metadata)).toEqual([
      {},
      { repo: 'x' },
      { repo: 'x' },
    ]);
  });

  it('of a candidate in full, in an earlier dialect too', async () => {
    const { api, dryRunner } = await httpWorld();
    const candidate = { id: 'new', status: 'running', files: null, steps: [step('own')] };
    await api.post(`/migrations/${M}/dry-run`).send({ candidate }).expect(200);
    expect(dryRunner.calls).toMatchObject([
      { candidate: { id: 'new', files: [] }, steps: [{ name: 'own' }] },
    ]);
  });

  it.each([
    [{}, '/candidateId'],
    [{ candidateId: 'a__b' }, '/candidateId'],
    [{ candidate: { id: 'a__b' } }, '/candidate/id'],
    [{ candidate: {} }, '/candidate/id'],
    [{ candidateId: 'c1', candidate: { id: 'c1' } }, ''],
    [{ candidateId: 'c1', inputs: { other: 'x' } }, '/inputs/other'],
  ])('refuse %j', async (body, pointer) => {
    const { api } = await httpWorld();
    expect((await api.post(`/migrations/${M}/dry-run`).send(body).expect(400)).body.errors).toMatchObject([
      { pointer },
    ]);
  });

  it.each([
    ['migrator_url_not_allowed', 400],
    ['migrator_unreachable', 502],
    ['migrator_error', 502],
    ['migrator_timeout', 504],
  ] as const)('answer %s with %d, never with a 500', async (code, status) => {
    const { post, api, dryRunner } = await httpWorld();
    dryRunner.answer(new MigratorCallError(code, 'what the migrator did'));
    const answers = [
      await post('dry-run').expect(status),
      await api.post(`/migrations/${M}/dry-run`).send({ candidateId: 'c1' }).expect(status),
    ];
    for (const { body } of answers) expect(body).toMatchObject({ code, detail: 'what the migrator did' });
  });

  it('note since when the migrator cannot be reached, and why, on each of its migrations, until one is answered', async () => {
    const { post, api, announce, dryRunner, clock, stores } = await httpWorld();
    await announce({ id: 'twin' });
    await announce({ id: 'other', migratorApp: 'another' });
    const since = clock.now();
    const away = (detail: string) => {
      dryRunner.answer(new MigratorCallError('migrator_unreachable', detail));
      return post('dry-run').expect(502);
    };
    await away('connection refused');
    clock.advance(1000);
    await away('the name does not resolve');
    const migratorUnreachable = { since, detail: 'the name does not resolve' };
    expect((await api.get(`/migrations/${M}`).expect(200)).body).toMatchObject({ migratorUnreachable });
    const { migrations } = (await api.get('/migrations').expect(200)).body;
    const shown = migrations.filter((one) => 'migratorUnreachable' in one);
    expect(shown).toMatchObject([
      { id: M, migratorUnreachable },
      { id: 'twin', migratorUnreachable },
    ]);
    dryRunner.answer(new MigratorCallError('migrator_timeout', 'late'));
    await post('dry-run').expect(504);
    expect((await api.get('/migrations/twin')).body).toMatchObject({ migratorUnreachable });
    dryRunner.answer([]);
    jest.spyOn(stores.reach, 'found').mockRejectedValueOnce(new DependencyUnavailableError('store', 'away'));
    for (let times = 0; times < 2; times += 1) await post('dry-run').expect(200);
    expect((await api.get('/migrations/twin')).body).not.toHaveProperty('migratorUnreachable');
  });

  it('of something unknown are 404', async () => {
    const { post, api } = await httpWorld();
    expect((await post('dry-run', {}, 'nope').expect(404)).body.code).toBe('candidate_not_found');
    await api.post(`/migrations/${M}/dry-run`).send({ candidateId: 'nope' }).expect(404);
    expect(
      (await api.post('/migrations/nope/dry-run').send({ candidateId: 'c1' }).expect(404)).body.code,
    ).toBe('migration_not_found');
  });
});
