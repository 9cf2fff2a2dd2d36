import type { SeedApplication } from './applications';

/** Content by path. */
export type Files = Record<string, string>;

const CHART_REPOSITORY = 'https://charts.example.com/generic';

/** The whole GitOps repository, as it is before the migration. */
export function gitopsFiles(owner: string, applications: readonly SeedApplication[]): Files {
  const files: Files = { 'README.md': readme(applications), '.editorconfig': 'root = true\n' };
  for (const application of applications) Object.assign(files, applicationFiles(owner, application));
  return files;
}

/** Where an application stands in the GitOps repository. */
export function directoryOf({ team, id }: SeedApplication): string {
  return `apps/${team}/${id}`;
}

/** The Application of one environment. */
export function overlayPath(application: SeedApplication, env: string): string {
  return `${directoryOf(application)}/overlays/${env}/application.yaml`;
}

/** The Application that all environments start from. */
export function basePath(application: SeedApplication): string {
  return `${directoryOf(application)}/base/application.yaml`;
}

function applicationFiles(owner: string, application: SeedApplication): Files {
  const directory = directoryOf(application);
  const files: Files = {
    [basePath(application)]: base(owner, application),
    [`${directory}/base/kustomization.yaml`]: 'resources:\n  - application.yaml # the common part\n',
  };
  for (const env of application.environments) {
    files[overlayPath(application, env)] = overlay(application, env);
    files[`${directory}/overlays/${env}/kustomization.yaml`] =
      `# ${application.id}, ${env}\nresources:\n  - ../../base\npatches:\n  - path: application.yaml\n`;
  }
  const { lineEnd } = application.style;
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, text.replaceAll('\n', lineEnd)]),
  );
}

function base(owner: string, { id, team, port, style }: SeedApplication): string {
  const values = [
    '  source: # nothing of the chart itself: see the overlays',
    '    # RULE: what only one environment needs is set there, not here.',
    '    helm:',
    `      # the same in every environment of ${id}`,
    '      values: | # handed to the chart as it is',
    ...(port % 3 === 0 ? ['        ---'] : []),
    `        # ${team} owns this; ask before changing ports`,
    '        service:',
    `          port: ${String(port)} # also in the network policy`,
    '',
    '        probes:',
    '          liveness: { path: /healthz, periodSeconds: 10 }',
    '          readiness: { path: /readyz }',
    '      # probes: agreed with the operators',
    '    # end of what all share',
  ];
  return [
    `# ${id}: what all environments share. The overlays say the rest.`,
    'apiVersion: argoproj.io/v1alpha1',
    'kind: Application',
    'metadata:',
    `  name: ${id}`,
    '  annotations:',
    `    acme.example/repository: ${owner}/${id} # where the code is`,
    'spec:',
    `  project: ${team}`,
    ...(style.sharedValues ? values : []),
    '  destination:',
    '    server: https://kubernetes.default.svc # one cluster an environment',
    `    namespace: ${id}`,
    '',
  ].join('\n');
}

function overlay(application: SeedApplication, env: string): string {
  const { id, team, environments, style } = application;
  const { quotes: q } = style;
  const furthest = env === environments.at(-1) && environments.length > 1;
  return [
    `# ${id} in ${env}`,
    ...(furthest ? ['#', '# Handle with care: customers notice.'] : []),
    'apiVersion: argoproj.io/v1alpha1',
    'kind: Application',
    'metadata:',
    `  name: ${id}-${env}`,
    '  namespace: argocd',
    ...(style.annotated
      ? ['  annotations:', `    notifications.acme.example/channel: ${q}#${team}${q}`]
      : []),
    '  labels:',
    `    app.kubernetes.io/instance: ${id}`,
    `    team: ${team}   # routes the alerts`,
    '',
    'spec:',
    '  source:',
    '    # The chart that everybody shares; the platform team announces new versions.',
    `    repoURL: ${q}${CHART_REPOSITORY}${q}`,
    '    chart: generic-app',
    `    targetRevision: ${version(application, env)}${furthest ? '   # after the release meeting' : ''}`,
    '    helm: # the rest is in the base',
    `      releaseName: ${id}`,
    `      # what is different in ${env}`,
    '      parameters: # one entry a setting',
    ...parameters(application, env),
    '',
    '  syncPolicy:',
    '    automated:',
    ...prune(furthest && !style.prunesEverywhere),
    '      selfHeal: true',
    '    syncOptions:',
    '      - CreateNamespace=true # the first deployment needs it',
    '',
  ].join('\n');
}

function version({ port }: SeedApplication, env: string): string {
  return env === 'dev' ? '2.5.0' : `2.${String(3 + (port % 2))}.1`;
}

function prune(off: boolean): string[] {
  return off
    ? ['      # by hand here, since the incident with the volumes', '      prune: false']
    : ['      prune: true # what leaves git leaves the cluster'];
}

function parameters({ id, port, style }: SeedApplication, env: string): string[] {
  const { quotes: q, listIndent } = style;
  const pad = ' '.repeat(6 + listIndent);
  const replicas = env === 'prod' ? 3 + (port % 3) : 1;
  return [
    `${pad}- name: image.tag`,
    `${pad}  value: ${q}1.${String(port % 40)}.${String(port % 7)}${q} # set by the deploy workflow`,
    `${pad}- name: replicaCount # ask before changing`,
    `${pad}  value: ${q}${String(replicas)}${q}`,
    ...(env === 'prod' ? [`${pad}# sized after the last load test`] : []),
    `${pad}- { name: resources.requests.cpu, value: ${q}${String(100 + (port % 5) * 50)}m${q} }`,
    `${pad}- name: env.LOG_LEVEL`,
    `${pad}  # a level of the logger`,
    `${pad}  value: ${env === 'prod' ? 'warn' : 'debug'}`,
    `${pad}- name: podAnnotations.acme\\.example/owner`,
    `${pad}  value: ${q}${id}${q}`,
    `${pad}  forceString: true`,
    `${pad}# new settings go above this line`,
  ];
}

function readme(applications: readonly SeedApplication[]): string {
  const rows = applications.map(
    ({ id, team, environments }) => `| ${id} | ${team} | ${environments.join(', ')} |`,
  );
  return ['# GitOps', '', '| application | team | environments |', '|---|---|---|', ...rows, ''].join('\n');
}
