import { expectedFiles, type SeedApplication } from '@loom/seed';
import type { BareRepository } from './bare-repository';
import { at, mapping, unequal, without } from './yaml-values';

/** What the campaign was to bring every application to. */
export interface ExpectedChange {
  chartVersion: string;
  /** host/path, without a scheme */
  registry: string;
}

export interface ChangedApplication extends ExpectedChange {
  application: SeedApplication;
  gitops: BareRepository;
  own: BareRepository;
}

const SOURCE = ['spec', 'source'];
const INLINE_VALUES = [...SOURCE, 'helm', 'values'];
const WORKFLOW = '.github/workflows/deploy.yaml';

/** What is not as it should be in an application's files, read as YAML; empty when the change is the expected one. */
export async function changeProblems(changed: ChangedApplication): Promise<string[]> {
  const { application, gitops } = changed;
  const paths = expectedFiles(application).flatMap(({ repo, path }) => (repo === gitops.name ? [path] : []));
  const overlays = application.environments.map((env) => ({
    env,
    path: paths.find((path) => path.includes(`/overlays/${env}/`)) ?? `overlay of ${env}`,
  }));
  const base = paths.find((path) => path.includes('/base/'));
  const checks = [
    ...overlays.map(({ env, path }) => overlayProblems(changed, env, path)),
    chartProblems(changed, overlays.at(-1)?.path ?? ''),
    commonProblems(changed, base),
    workflowProblems(changed),
  ];
  return (await Promise.all(checks)).flat();
}

/** The Application names the own chart, and the values file says what its parameters said. */
async function overlayProblems(
  { application, chartVersion, registry, gitops, own }: ChangedApplication,
  env: string,
  path: string,
): Promise<string[]> {
  const before = mapping(await gitops.read('first', path));
  const after = mapping(await gitops.read('main', path));
  const source = at(after, ...SOURCE);
  const generic = String(at(before, ...SOURCE, 'chart'));
  const valuesPath = `charts/${application.id}/values-${env}.yaml`;
  const values = at(mapping(await own.read('main', valuesPath)), generic);
  return [
    ...unequal(`${path}: chart`, at(source, 'chart'), application.id),
    ...unequal(`${path}: targetRevision`, at(source, 'targetRevision'), chartVersion),
    ...unequal(`${path}: repoURL`, at(source, 'repoURL'), registry),
    ...unequal(`${path}: helm`, at(source, 'helm'), {
      releaseName: at(before, ...SOURCE, 'helm', 'releaseName'),
      valueFiles: [`values-${env}.yaml`],
    }),
    ...unequal(`${path}: what is outside spec.source`, without(after, SOURCE), without(before, SOURCE)),
    ...parametersOf(before).flatMap(({ name, value }) =>
      unequal(`${valuesPath}: ${name}`, textOf(at(values, ...keysOf(name))), value),
    ),
  ];
}

/** The own chart wraps the generic one of the furthest environment, with values for exactly its environments. */
async function chartProblems(
  { application, chartVersion, gitops, own }: ChangedApplication,
  furthest: string,
): Promise<string[]> {
  const { id, environments } = application;
  const directory = `charts/${id}`;
  const names = ['Chart.yaml', 'values.yaml', ...environments.map((env) => `values-${env}.yaml`)];
  const chart = mapping(await own.read('main', `${directory}/Chart.yaml`));
  const before = at(mapping(await gitops.read('first', furthest)), ...SOURCE);
  const generic = {
    name: at(before, 'chart'),
    version: at(before, 'targetRevision'),
    repository: at(before, 'repoURL'),
  };
  return [
    ...unequal(directory, own.list(directory).sort(), names.map((name) => `${directory}/${name}`).sort()),
    ...unequal(`${directory}/Chart.yaml: name`, at(chart, 'name'), id),
    ...unequal(`${directory}/Chart.yaml: version`, at(chart, 'version'), chartVersion),
    ...unequal(`${directory}/Chart.yaml: dependencies`, at(chart, 'dependencies'), [generic]),
  ];
}

/** What all environments shared stands in the chart's values.yaml, and in the base Application no more. */
async function commonProblems(
  { application, gitops, own }: ChangedApplication,
  path: string | undefined,
): Promise<string[]> {
  const valuesPath = `charts/${application.id}/values.yaml`;
  const moved = Object.values(mapping(await own.read('main', valuesPath)));
  if (path === undefined) return unequal(valuesPath, moved, [{}]);
  const before = mapping(await gitops.read('first', path));
  const shared = at(before, ...INLINE_VALUES);
  return [
    ...unequal(path, mapping(await gitops.read('main', path)), without(before, INLINE_VALUES)),
    ...unequal(valuesPath, moved, [mapping(typeof shared === 'string' ? shared : undefined)]),
  ];
}

/** The workflow deploys the own chart and has one job more, which publishes it; the other jobs are as they were. */
async function workflowProblems({ application, registry, own }: ChangedApplication): Promise<string[]> {
  const before = mapping(await own.read('first', WORKFLOW));
  const after = mapping(await own.read('main', WORKFLOW));
  const known = Object.keys(mappingOf(at(before, 'jobs')));
  const added = Object.entries(mappingOf(at(after, 'jobs'))).filter(([name]) => !known.includes(name));
  const publishes = added.some(([, job]) => {
    const text = JSON.stringify(job);
    return text.includes(`charts/${application.id}`) && text.includes(`oci://${registry}`);
  });
  const unchanged = ['CHART', 'CHART_REPOSITORY'].map((name) => ['env', name]);
  const jobs = added.map(([name]) => ['jobs', name]);
  const strip = (value: unknown, paths: string[][]) => paths.reduce(without, value);
  return [
    ...unequal(`${WORKFLOW}: env.CHART`, at(after, 'env', 'CHART'), application.id),
    ...unequal(
      `${WORKFLOW}: env.CHART_REPOSITORY`,
      at(after, 'env', 'CHART_REPOSITORY'),
      `oci://${registry}`,
    ),
    ...(added.length === 1 && publishes
      ? []
      : [`${WORKFLOW} has no single new job that publishes the own chart`]),
    ...unequal(`${WORKFLOW}: the rest`, strip(after, [...unchanged, ...jobs]), strip(before, unchanged)),
  ];
}

function parametersOf(application: unknown): { name: string; value: string | undefined }[] {
  const parameters = at(application, ...SOURCE, 'helm', 'parameters');
  return (Array.isArray(parameters) ? (parameters as unknown[]) : []).map((one) => ({
    name: String(at(one, 'name')),
    value: textOf(at(one, 'value')),
  }));
}

/** Helm's notation: dots separate, a backslash makes one part of a key. */
function keysOf(name: string): string[] {
  return name.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
}

/** A parameter is text; in a values file it may be a number. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

function mappingOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
