import request from 'supertest';
import { APP_REPO, startMemoryMigrator, type MemoryMigrator } from '../testing/memory-migrator';
import { billingApi, GITOPS, gitopsFiles, overlayPath } from '../testing/world';

let migrator: MemoryMigrator;
beforeEach(() => {
  migrator = startMemoryMigrator();
});
afterEach(() => migrator.stop());

describe('dry run', () => {
  const run = (steps: object[]) =>
    request(migrator.app)
      .post('/dry-run')
      .send({ migrationId: 'app-chart-migration', candidate: billingApi(), steps })
      .expect(200);
  interface Result {
    stepName: string;
    skipped: boolean;
    error?: string;
    files?: { path: string; repo: string; before?: string; after: string; status: string }[];
  }
  const results = async (steps: object[]) => ((await run(steps)).body as { steps: Result[] }).steps;

  test('stacks the diffs of all steps, and writes nothing', async () => {
    const steps = await results(billingApi().steps ?? []);
    expect(
      steps.map(({ stepName, skipped, files }) => [stepName, skipped ? 'skipped' : files?.length]),
    ).toEqual([
      ['generate-app-chart', 5],
      ['verify-chart-published', 'skipped'],
      ['disable-sync-prune-dev', 1],
      ['swap-chart-dev', 1],
      ['enable-sync-prune-dev', 1],
      ['disable-sync-prune-staging', 1],
      ['swap-chart-staging', 1],
      ['enable-sync-prune-staging', 1],
      ['disable-sync-prune-prod', 0],
      ['swap-chart-prod', 1],
      ['enable-sync-prune-prod', 0],
      ['cleanup-common', 1],
      ['update-deploy-workflow', 1],
    ]);
    const [, , disable, swap, enable] = steps.map(({ files }) => files?.[0]);
    expect(
      steps[0]?.files?.every(
        ({ status, repo, before }) => status === 'new' && repo === APP_REPO && before === undefined,
      ),
    ).toBe(true);
    expect(disable).toMatchObject({
      path: overlayPath('dev'),
      repo: GITOPS,
      status: 'modified',
      before: gitopsFiles()[overlayPath('dev')],
    });
    expect(swap?.before).toBe(disable?.after);
    expect(enable?.before).toBe(swap?.after);
    expect(enable?.after).toContain('prune: true');
    expect([...(migrator.repositories.branch(GITOPS, 'main') ?? [])]).toEqual(Object.entries(gitopsFiles()));
    expect(migrator.repositories.branches(GITOPS)).toEqual(['main']);
    expect(migrator.forge.all()).toEqual([]);
  });

  test('a step that fails leaves the others their say', async () => {
    const [generate, , disable, swap] = billingApi().steps ?? [];
    const steps = await results([swap ?? {}, generate ?? {}, swap ?? {}, disable ?? {}]);
    expect(steps.map(({ error, files }) => error ?? files?.length)).toEqual([
      expect.stringContaining('values-dev.yaml is not on'),
      5,
      1,
      1,
    ]);
  });

  test('skips unknown types and steps of other migrators', async () => {
    const steps = await results([
      { name: 'a', migratorApp: 'app-chart-migrator', type: 'unknown' },
      { name: 'b', migratorApp: 'another', type: 'cleanup-common' },
      { name: 'c', migratorApp: 'app-chart-migrator' },
    ]);
    expect(steps.map(({ skipped }) => skipped)).toEqual([true, true, true]);
  });
});
