import { APP_FILES, BASE, GITOPS, gitopsFiles, overlay, overlayPath, WORKFLOW } from '../testing/world';
import { basePath, workflowPath } from '../testing/world';
import { stepType } from './step-types';
import { APP, stepWorld as world } from './testing/step-world';

const chartFiles = { 'charts/billing-api/values-dev.yaml': '', 'charts/billing-api/values-prod.yaml': '' };

describe('generate-app-chart', () => {
  test('wraps the generic chart with the values of every environment', async () => {
    const { run, read, edited } = world();
    expect((await run('generate-app-chart', {}, { chartVersion: '1.2.3' })).repo).toBe(APP);
    expect(await read(APP, 'charts/billing-api/Chart.yaml')).toBe(`apiVersion: v2
name: billing-api
description: Deploys billing-api
type: application
version: 1.2.3
dependencies:
  - name: generic-app
    version: 2.4.1
    repository: https://charts.example.com/generic
`);
    expect(await read(APP, 'charts/billing-api/values.yaml'))
      .toBe(`# Values of billing-api in every environment.
# common values
generic-app:
  # the service listens here
  service:
    port: 8080 # not 80

  probes: { liveness: /healthz }
`);
    expect(await read(APP, 'charts/billing-api/values-dev.yaml')).toBe(`# Values of billing-api in dev.
generic-app:
  image:
    tag: 1.14.2 # bumped by CI
  # never below two
  replicaCount: 3
  env:
    LOG_LEVEL: debug
  podAnnotations:
    example.com/owner: "007"
`);
    expect(await edited()).toEqual(
      ['Chart.yaml', 'values-dev.yaml', 'values-prod.yaml', 'values-staging.yaml', 'values.yaml'].map(
        (name) => `charts/billing-api/${name}`,
      ),
    );
  });

  test('leaves files that are there to their team', async () => {
    const { run, edited } = world(gitopsFiles(), {
      ...APP_FILES,
      'charts/billing-api/Chart.yaml': 'theirs\n',
    });
    await run('generate-app-chart');
    expect(await edited()).not.toContain('charts/billing-api/Chart.yaml');
  });

  test('refuses what it cannot move', async () => {
    const path = overlayPath('dev');
    const gitops = {
      ...gitopsFiles(),
      [path]: overlay('dev').replace('releaseName: billing-api', 'valueFiles: [x]'),
    };
    await expect(world(gitops).run('generate-app-chart')).rejects.toThrow('helm.valueFiles');
    await expect(world().run('generate-app-chart', {}, { chartVersion: 'latest' })).rejects.toThrow(
      'chartVersion "latest"',
    );
  });
});

describe('swap-chart', () => {
  test('changes the source and nothing else, byte for byte', async () => {
    const values = { 'charts/billing-api/values-dev.yaml': 'a: 1 # bumped by CI\n# never below two\n' };
    const { run, read, edited } = world(gitopsFiles(), { ...APP_FILES, ...values });
    await run('swap-chart', { env: 'dev' }, { chartVersion: '0.2.0' });
    const before = overlay('dev');
    const parameters = before.slice(before.indexOf('      parameters:'), before.indexOf('      releaseName'));
    expect(await read(GITOPS, overlayPath('dev'))).toBe(
      before
        .replace("'https://charts.example.com/generic'", "'ghcr.io/acme/charts'")
        .replace('chart: generic-app ', 'chart: billing-api ')
        .replace('2.4.1', '0.2.0')
        .replace(parameters, '      valueFiles:\n        - values-dev.yaml\n'),
    );
    expect(await edited()).toEqual([overlayPath('dev')]);
  });

  test('keeps the line ends that the file has', async () => {
    const crlf = (text: string) => text.replaceAll('\n', '\r\n');
    const files = { ...gitopsFiles(), [overlayPath('dev')]: crlf(overlay('dev')) };
    const unix = world(gitopsFiles(), { ...APP_FILES, ...chartFiles });
    const windows = world(files, { ...APP_FILES, ...chartFiles });
    for (const type of ['disable-sync-prune', 'swap-chart', 'enable-sync-prune']) {
      await unix.run(type, { env: 'dev' });
      await windows.run(type, { env: 'dev' });
      const expected = crlf((await unix.read(GITOPS, overlayPath('dev'))) ?? '');
      expect(await windows.read(GITOPS, overlayPath('dev'))).toBe(expected);
    }
  });

  test('repeated on its own result, it changes nothing', async () => {
    const { run, read } = world(gitopsFiles(), { ...APP_FILES, ...chartFiles });
    await run('swap-chart', { env: 'prod' });
    const once = await read(GITOPS, overlayPath('prod'));
    await run('swap-chart', { env: 'prod' });
    expect(await read(GITOPS, overlayPath('prod'))).toBe(once);
  });

  test('waits for the chart to be on main, and for nobody else', async () => {
    await expect(world().run('swap-chart', { env: 'dev' })).rejects.toThrow(
      'charts/billing-api/values-dev.yaml is not on the default branch of acme/billing-api',
    );
    const foreign = {
      ...gitopsFiles(),
      [overlayPath('dev')]: overlay('dev').replace('chart: generic-app', 'chart: other'),
    };
    await expect(world(foreign).run('swap-chart', { env: 'dev' })).rejects.toThrow(
      'not deployed in environment "dev"',
    );
    await expect(world().run('swap-chart', { env: 'qa' })).rejects.toThrow('environment "qa"');
  });
});

describe('sync pruning', () => {
  test('off and on again restores the file byte for byte', async () => {
    const { run, read } = world();
    await run('disable-sync-prune', { env: 'dev' });
    expect(await read(GITOPS, overlayPath('dev'))).toBe(
      overlay('dev')
        .replace('prune: true ', 'prune: false ')
        .replace('alerts\n', 'alerts\n  annotations:\n    app-chart-migration/restore-prune: "true"\n'),
    );
    await run('enable-sync-prune', { env: 'dev' });
    expect(await read(GITOPS, overlayPath('dev'))).toBe(overlay('dev'));
  });

  test('keeps annotations of others', async () => {
    const annotated = overlay('dev').replace('  labels:', '  annotations:\n    a: b # mine\n  labels:');
    const { run, read } = world({ ...gitopsFiles(), [overlayPath('dev')]: annotated });
    await run('disable-sync-prune', { env: 'dev' });
    expect(await read(GITOPS, overlayPath('dev'))).toContain(
      '    a: b # mine\n    app-chart-migration/restore-prune',
    );
    await run('enable-sync-prune', { env: 'dev' });
    expect(await read(GITOPS, overlayPath('dev'))).toBe(annotated);
  });

  test('where it was never on, it is neither turned off nor on', async () => {
    const { run, edited } = world();
    await run('disable-sync-prune', { env: 'prod' });
    await run('enable-sync-prune', { env: 'prod' });
    expect(await edited()).toEqual([]);
  });
});

describe('the last two steps', () => {
  test('cleanup-common removes the shared values and keeps every other line', async () => {
    const { run, read } = world();
    await run('generate-app-chart');
    await run('cleanup-common');
    const source = BASE.slice(BASE.indexOf('  source:'), BASE.indexOf('  destination:'));
    expect(await read(GITOPS, basePath)).toBe(BASE.replace(source, ''));
  });

  test('update-deploy-workflow adds a job and names the own chart', async () => {
    const { run, read } = world();
    await run('update-deploy-workflow');
    const after = (await read(APP, workflowPath)) ?? '';
    expect(after).toContain('CHART: billing-api # shared\n  CHART_REPOSITORY: "oci://ghcr.io/acme/charts"\n');
    const job = after.slice(after.indexOf('\n  publish-chart:'), after.indexOf('\n# the end'));
    expect(job).toContain('  publish-chart:\n    needs: test\n    runs-on: ubuntu-latest\n');
    expect(
      after
        .replace(job, '')
        .replace('billing-api #', 'generic-app #')
        .replace('oci://ghcr.io/acme/charts', 'https://charts.example.com/generic'),
    ).toBe(WORKFLOW);
    await run('update-deploy-workflow');
    expect(await read(APP, workflowPath)).toBe(after);
  });

  test('a repository without the workflow is said to have none', async () => {
    await expect(world(gitopsFiles(), {}).run('update-deploy-workflow')).rejects.toThrow(
      'deploy.yaml is not on',
    );
  });
});

test('a type that nobody knows is unknown', () => {
  expect(stepType('repave-datacentre')).toBeUndefined();
  expect(stepType(undefined)).toBeUndefined();
  expect(stepType('toString')).toBeUndefined();
});
