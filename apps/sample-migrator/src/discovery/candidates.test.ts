import { candidateSchema, migrationAnnouncementSchema } from '@loom/api-types';
import { billingApi, BASE, gitopsFiles, overlay, overlayPath } from '../testing/world';
import { announcement } from './announcement';
import { candidatesFrom } from './candidates';

const options = {
  gitopsRepo: 'acme/gitops',
  chartRegistry: 'ghcr.io/acme/charts',
  environments: ['dev', 'staging', 'prod'],
  webUrl: 'https://git.example',
};
const discover = (files: Record<string, string>) => candidatesFrom(new Map(Object.entries(files)), options);
const stepNames = (environments: string[]) =>
  billingApi(gitopsFiles(environments)).steps?.map(({ name }) => name);

test('a candidate has the steps of exactly the environments that it is in, in order of promotion', () => {
  expect(stepNames(['dev'])).toEqual([
    'generate-app-chart',
    'verify-chart-published',
    'disable-sync-prune-dev',
    'swap-chart-dev',
    'enable-sync-prune-dev',
    'cleanup-common',
    'update-deploy-workflow',
  ]);
  expect(stepNames(['prod', 'dev'])?.filter((name) => name.startsWith('swap'))).toEqual([
    'swap-chart-dev',
    'swap-chart-prod',
  ]);
  expect(stepNames(['qa', 'prod', 'edge'])?.filter((name) => name.startsWith('swap'))).toEqual([
    'swap-chart-prod',
    'swap-chart-edge',
    'swap-chart-qa',
  ]);
});

test('a candidate says what it is, where it stands, and which files are touched', () => {
  const files = {
    ...gitopsFiles(['dev', 'prod']),
    [overlayPath('prod')]: overlay('prod').replace('2.4.1', '2.3.0'),
  };
  const { candidates, problems } = discover(files);
  expect(problems).toEqual([]);
  expect(candidateSchema.safeParse(candidates[0]).success).toBe(true);
  expect(candidates[0]).toMatchObject({
    id: 'billing-api',
    kind: 'application',
    metadata: {
      repoName: 'acme/billing-api',
      team: 'payments',
      environments: 'dev,prod',
      gitopsPath: 'apps/payments/billing-api',
      chartVersion: '0.1.0',
    },
    state: { currentChart: 'generic-app', currentVersion: '2.3.0' },
  });
  expect(candidates[0]?.files?.map(({ name }) => name)).toEqual(['base', 'dev', 'prod']);
  expect(candidates[0]?.files?.[1]?.files[0]?.url).toBe(
    `https://git.example/acme/gitops/blob/HEAD/${overlayPath('dev')}`,
  );
});

test('an application halfway through is still a candidate, with every step; a finished one is none', () => {
  const swapped = (env: string) => overlay(env).replace('chart: generic-app', 'chart: billing-api');
  const halfway = { ...gitopsFiles(['dev', 'prod']), [overlayPath('dev')]: swapped('dev') };
  expect(discover(halfway).candidates[0]?.metadata?.['environments']).toBe('dev,prod');
  const swappedAll = { ...halfway, [overlayPath('prod')]: swapped('prod') };
  expect(discover(swappedAll).candidates).toHaveLength(1);
  const base = 'apps/payments/billing-api/base/application.yaml';
  expect(discover({ ...swappedAll, [base]: BASE.replace('values: |', 'releaseName: |') }).candidates).toEqual(
    [],
  );
});

test('what cannot be used is reported, and the rest is found', () => {
  const other = (id: string) => overlay('dev').replace('instance: billing-api', `instance: ${id}`);
  const { candidates, problems } = discover({
    ...gitopsFiles(['dev']),
    'apps/a/broken/overlays/dev/application.yaml': 'kind: [',
    'apps/a/nameless/overlays/dev/application.yaml': other('no__id'),
    'apps/a/twin/overlays/dev/application.yaml': overlay('dev'),
    'apps/a/evil/base/application.yaml': BASE.replace('acme/billing-api', '../../etc'),
    'apps/a/evil/overlays/dev/application.yaml': other('evil'),
    'apps/a/foreign/overlays/dev/application.yaml': other('foreign').replace(
      'chart: generic-app',
      'chart: redis',
    ),
  });
  expect(candidates.map(({ id, metadata }) => [id, metadata?.['gitopsPath']])).toEqual([
    ['billing-api', 'apps/a/twin'],
  ]);
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'apps/a/broken/overlays/dev/application.yaml',
    'apps/a/nameless/overlays/dev/application.yaml',
    'apps/payments/billing-api/overlays/dev/application.yaml',
    'apps/a/evil',
  ]);
});

test('the announcement is as the contract asks', () => {
  const given = announcement({ migratorUrl: 'http://127.0.0.1:3001', ...options });
  expect(migrationAnnouncementSchema.safeParse(given).success).toBe(true);
  expect(given.requiredInputs?.map(({ name }) => name)).toEqual(['chartVersion']);
  expect(given.steps).toHaveLength(13);
  expect(given.steps.filter(({ type }) => type === 'manual-review')).toHaveLength(1);
});
