import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBareRepository } from './bare-repository';
import {
  EXPECTED,
  memoryRepositories,
  migratedFiles,
  writeRepositories,
  type WorldFiles,
} from './testing/migrated-world';
import { verifyWorld } from './verify-world';

const OVERLAY = 'acme/gitops:apps/payments/billing-api/overlays/prod/application.yaml';
const BASE = 'acme/gitops:apps/payments/billing-api/base/application.yaml';
const CHART = 'acme/billing-api:charts/billing-api';
const WORKFLOW = 'acme/billing-api:.github/workflows/deploy.yaml';

type Tamper = (after: WorldFiles, before: WorldFiles) => void;

async function problems(tamper: Tamper = () => undefined): Promise<string[]> {
  const { before, after } = migratedFiles();
  tamper(after, before);
  const findings = await verifyWorld({ open: memoryRepositories(before, after), apps: 1, ...EXPECTED });
  expect(findings.some(({ app }) => app === 'billing-api')).toBe(true);
  return findings.flatMap((finding) => finding.problems);
}

/** @throws when the text is not there: a change that changes nothing would prove nothing */
function replace(files: WorldFiles, key: string, from: string, to: string): void {
  const text = files[key];
  if (text?.includes(from) !== true) throw new Error(`${key} holds no ${from}`);
  files[key] = text.replace(from, to);
}

it('finds nothing in a world that holds exactly the expected change', async () => {
  expect(await problems()).toEqual([]);
});

it.each([
  ['a stray blank line', OVERLAY, '  syncPolicy', '\n  syncPolicy', 'outside spec.source'],
  ['a lost blank line', OVERLAY, '\n\n  syncPolicy', '\n  syncPolicy', 'outside spec.source'],
  ['a lost comment', OVERLAY, ' # leaves the cluster', '', 'outside spec.source'],
  ['a line more at the end', OVERLAY, 'cluster\n', 'cluster\nextra: 1\n', 'outside spec.source'],
  ['a lost comment on the chart', OVERLAY, '    # the shared chart\n', '', 'lost "# the shared chart"'],
  ['pruning left off', OVERLAY, 'prune: true', 'prune: false', 'outside spec.source'],
  ['the generic chart', OVERLAY, 'chart: billing-api', 'chart: generic-app', 'chart is "generic-app"'],
  ['another one’s chart', OVERLAY, 'chart: billing-api', 'chart: ledger', 'chart is "ledger"'],
  ['another version', OVERLAY, '1.0.0', '1.0.1', 'targetRevision is "1.0.1"'],
  ['the generic registry', OVERLAY, EXPECTED.registry, 'https://charts.example.com/generic', 'repoURL is'],
  ['another environment’s values', OVERLAY, 'values-prod', 'values-dev', 'helm is'],
  ['shared values of other content', `${CHART}/values.yaml`, '8000', '8001', 'values.yaml is'],
  ['a base that lost more', BASE, '  project: payments\n', '', 'outside spec.source'],
  ['a parameter of other content', `${CHART}/values-prod.yaml`, '1.20', '1.2', 'image.tag is "1.2"'],
  ['a lost parameter', `${CHART}/values-dev.yaml`, 'acme.example/owner', 'owner', 'acme\\.example/owner'],
  ['another generic version', `${CHART}/Chart.yaml`, '2.3.1', '2.3.2', 'dependencies is'],
  ['no dependency', `${CHART}/Chart.yaml`, 'dependencies', 'others', 'dependencies is absent'],
  ['a workflow of the generic chart', WORKFLOW, 'CHART: billing-api', 'CHART: generic-app', 'env.CHART is'],
  ['a workflow that publishes nothing', WORKFLOW, 'charts/billing-api', 'charts/ledger', 'no single new job'],
  ['another job changed', WORKFLOW, 'make test', 'make', 'the rest is'],
  ['a comment lost in a workflow', WORKFLOW, ' # quick', '', 'lost "# quick"'],
])('finds %s', async (_what, key, from, to, message) => {
  const found = await problems((after) => {
    replace(after, key, from, to);
  });
  expect(found).toContainEqual(expect.stringContaining(message));
});

it('finds comments on values that are in neither file, and only those', async () => {
  const found = await problems((after, before) => {
    replace(before, OVERLAY, "'1.20'", "'1.20' # set by CI");
    replace(before, OVERLAY, '      parameters:', '      parameters: # in prod');
    replace(after, `${CHART}/values-prod.yaml`, "'1.20'", "'1.20' # set by CI");
    replace(before, BASE, '    helm:', '    # rule\n    helm:');
  });
  expect(found).toEqual([`${BASE}: lost "# rule"`, `${OVERLAY}: lost "# in prod"`]);
});

it.each([
  ['a values file of an environment it does not have', `${CHART}/values-moon.yaml`, 'a: 1\n', 'values-moon'],
  ['a file that no one asked for', 'acme/gitops:notes.txt', 'x\n', 'notes.txt changed, and no one asked'],
  ['a file changed that no one asked for', 'acme/billing-api:README.md', '# x\n', 'README.md changed'],
])('finds %s', async (_what, key, text, message) => {
  const found = await problems((after) => {
    after[key] = text;
  });
  expect(found).toContainEqual(expect.stringContaining(message));
});

it('finds what was never migrated, and what lost a file', async () => {
  const { before } = migratedFiles();
  const found = await problems((after) => {
    after[WORKFLOW] = before[WORKFLOW] ?? '';
    Reflect.deleteProperty(after, `${CHART}/values-dev.yaml`);
  });
  expect(found).toContainEqual(`${WORKFLOW} is unchanged`);
  expect(found).toContainEqual(`${CHART}/values-dev.yaml is unchanged`);
});

it.each([0, Number.NaN])('proves nothing with %d applications, and says so', async (apps) => {
  const { before, after } = migratedFiles();
  await expect(verifyWorld({ open: memoryRepositories(before, after), apps, ...EXPECTED })).rejects.toThrow(
    'nothing to verify',
  );
});

it('fails where an application has no repository', async () => {
  const { before, after } = migratedFiles();
  const open = memoryRepositories(before, after);
  await expect(verifyWorld({ open, apps: 2, ...EXPECTED })).rejects.toThrow('there is no acme/');
});

describe('the forge’s bare repositories', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'loom-verify-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  async function verified(...worlds: WorldFiles[]): Promise<string[]> {
    const repositories = await writeRepositories(root, worlds);
    const open = (name: string) => openBareRepository(repositories, name);
    return (await verifyWorld({ open, apps: 1, ...EXPECTED })).flatMap((finding) => finding.problems);
  }

  it('are compared from their first commit to the newest, whatever was between', async () => {
    const { before, after } = migratedFiles();
    expect(await verified(before, { ...after, 'acme/gitops:notes.txt': 'x' }, after)).toEqual([]);
  });

  it('are where a tampered file is found', async () => {
    const { before, after } = migratedFiles();
    replace(after, OVERLAY, '  syncPolicy', '\n  syncPolicy');
    after['acme/billing-api:README.md'] = '# changed\n';
    expect(await verified(before, after)).toEqual([
      'acme/billing-api:README.md changed, and no one asked for it',
      `${OVERLAY}: outside spec.source "  syncPolicy:" became ""`,
    ]);
  });

  it('must be there', async () => {
    await expect(openBareRepository(root, 'acme/gitops')).rejects.toThrow();
  });
});
