import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expectedFiles, seedApplications } from '@loom/seed';
import type { BareRepository } from '../bare-repository';
import { git } from '../git';

/** Content by `owner/name:path`. */
export type WorldFiles = Record<string, string>;

export const EXPECTED = { chartVersion: '1.0.0', registry: 'registry.acme.example/charts' };

const WORKFLOW = '.github/workflows/deploy.yaml';

const before = {
  overlay: (id: string, env: string) => `# ${id} in ${env}
kind: Application
metadata:
  name: ${id}-${env}

spec:
  source:
    # the shared chart
    repoURL: 'https://charts.example.com/generic'
    chart: generic-app
    targetRevision: 2.3.1   # after the meeting
    helm:
      releaseName: ${id}
      parameters:
        - name: image.tag
          value: '1.20'
        - name: podAnnotations.acme\\.example/owner
          value: ${id}

  syncPolicy:
    automated:
      prune: true # leaves the cluster
`,
  base: `kind: Application
spec:
  project: payments
  source:
    helm:
      values: |
        service:
          port: 8000 # also in the network policy
  destination:
    namespace: here # one each
`,
  workflow: `name: deploy
env:
  CHART: generic-app # the shared one
  CHART_REPOSITORY: https://charts.example.com/generic
jobs:
  test:
    steps: [{ run: make test }] # quick
`,
};

const after = {
  overlay: (id: string, env: string) =>
    before
      .overlay(id, env)
      .replace("'https://charts.example.com/generic'", EXPECTED.registry)
      .replace('chart: generic-app', `chart: ${id}`)
      .replace('2.3.1', EXPECTED.chartVersion)
      .replace(/ {6}parameters:[^]*?\n\n/, `      valueFiles:\n        - values-${env}.yaml\n\n`),
  base: before.base.replace(/ {2}source:[^]*?(?= {2}destination)/, ''),
  workflow: (id: string) =>
    `${before.workflow
      .replace('generic-app', id)
      .replace('https://charts.example.com/generic', `oci://${EXPECTED.registry}`)}  publish-chart:
    steps:
      - run: helm package charts/${id}
      - run: helm push oci://${EXPECTED.registry}
`,
  chart: (id: string) => `apiVersion: v2
name: ${id}
version: ${EXPECTED.chartVersion}
dependencies:
  - name: generic-app
    version: 2.3.1
    repository: https://charts.example.com/generic
`,
  values: 'generic-app:\n  service:\n    port: 8000 # also in the network policy\n',
  environmentValues: (id: string) =>
    `generic-app:\n  image:\n    tag: '1.20'\n  podAnnotations:\n    acme.example/owner: ${id}\n`,
};

/** The first seeded application as a migration finds it and as it is to leave it; its files are shorter here. */
export function migratedFiles(): { before: WorldFiles; after: WorldFiles } {
  const [application] = seedApplications(1);
  if (application === undefined) throw new Error('there is no first application');
  const { id } = application;
  const found: WorldFiles = { [`acme/${id}:README.md`]: '# here\n', 'acme/gitops:README.md': '# all\n' };
  const left: WorldFiles = { ...found };
  for (const { repo, path } of expectedFiles(application)) {
    const key = `${repo}:${path}`;
    const env = /(?:overlays\/|values-)(\w+)/.exec(path)?.[1] ?? '';
    if (path.includes('/overlays/')) {
      found[key] = before.overlay(id, env);
      left[key] = after.overlay(id, env);
    } else if (path.includes('/base/')) {
      found[key] = before.base;
      left[key] = after.base;
    } else if (path === WORKFLOW) {
      found[key] = before.workflow;
      left[key] = after.workflow(id);
    } else if (path.endsWith('Chart.yaml')) left[key] = after.chart(id);
    else left[key] = env === '' ? after.values : after.environmentValues(id);
  }
  return { before: found, after: left };
}

/** Opens repositories that are nowhere but here. */
export function memoryRepositories(first: WorldFiles, main: WorldFiles) {
  return (name: string): Promise<BareRepository> => {
    const ours = (key: string) => key.startsWith(`${name}:`);
    const pathOf = (key: string) => key.slice(name.length + 1);
    if (!Object.keys(first).some(ours)) return Promise.reject(new Error(`there is no ${name}`));
    const all = new Set([...Object.keys(first), ...Object.keys(main)].filter(ours));
    return Promise.resolve({
      name,
      changedPaths: () => Promise.resolve([...all].filter((key) => first[key] !== main[key]).map(pathOf)),
      read: (version, path) => Promise.resolve((version === 'first' ? first : main)[`${name}:${path}`]),
      list: (below) =>
        Object.keys(main)
          .filter((key) => key.startsWith(`${name}:${below}/`))
          .map(pathOf),
    });
  };
}

/** Makes bare repositories below `root` with a commit of each of the worlds; answers where they are. */
export async function writeRepositories(root: string, worlds: readonly WorldFiles[]): Promise<string> {
  const names = new Set(Object.keys(worlds[0] ?? {}).map((key) => key.split(':')[0] ?? ''));
  for (const name of names) {
    const work = join(root, 'work', name);
    await mkdir(work, { recursive: true });
    await git(work, ['init', '--quiet', '--initial-branch=main']);
    for (const world of worlds) {
      await git(work, ['rm', '--quiet', '-r', '--ignore-unmatch', '.']);
      for (const [key, text] of Object.entries(world)) {
        const [repo = '', path = ''] = key.split(':');
        if (repo !== name) continue;
        await mkdir(dirname(join(work, path)), { recursive: true });
        await writeFile(join(work, path), text);
      }
      await git(work, ['add', '--all']);
      const author = ['-c', 'user.name=ada', '-c', 'user.email=ada@acme.example'];
      await git(work, [...author, 'commit', '--quiet', '--allow-empty', '-m', 'a world']);
    }
    await git(work, ['clone', '--quiet', '--bare', '.', join(root, 'repos', `${name}.git`)]);
  }
  return join(root, 'repos');
}
