import { plain } from '../yaml/edit';
import type { Workspace } from '../ports';
import { dependencyValues, parametersOf } from './helm-values';
import { StepError, type ChangeStep, type StepContext } from './step';
import {
  applicationValue,
  appRepo,
  chartDirectory,
  chartVersion,
  environmentsOf,
  GENERIC_CHART,
  groupFile,
  readRequired,
} from './subject';

/** What the GitOps repository says of one environment's deployment from the generic chart. */
interface Deployment {
  env: string;
  version: string;
  repository: string;
  values: string;
}

/**
 * Writes the application's own chart into its repository: a wrapper around the generic chart, whose values files hold
 * what the GitOps repository sets today. Files that are there already belong to the application's team, and stay.
 */
export const generateAppChart: ChangeStep = async (context) => {
  const { candidate } = context;
  const repo = appRepo(candidate);
  const directory = chartDirectory(candidate);
  const workspace = await context.workspace(repo);
  const environments = environmentsOf(candidate);
  const missing = await missingFiles(workspace, [
    ...environments.map((env) => `${directory}/values-${env}.yaml`),
    `${directory}/values.yaml`,
    `${directory}/Chart.yaml`,
  ]);
  const deployments = await readDeployments(context, environments);
  for (const { env, values } of deployments) {
    const path = `${directory}/values-${env}.yaml`;
    if (missing.has(path)) await workspace.write(path, `# Values of ${candidate.id} in ${env}.\n${values}`);
  }
  if (missing.has(`${directory}/values.yaml`)) {
    await workspace.write(`${directory}/values.yaml`, await commonValues(context));
  }
  if (missing.has(`${directory}/Chart.yaml`)) {
    await workspace.write(`${directory}/Chart.yaml`, chartFile(context, deployments));
  }
  return {
    repo,
    title: `Give ${candidate.id} its own chart`,
    body: describe(context, deployments),
  };
};

async function missingFiles(workspace: Workspace, paths: readonly string[]): Promise<Set<string>> {
  const contents = await Promise.all(paths.map((path) => workspace.read(path)));
  return new Set(paths.filter((_, index) => contents[index] === undefined));
}

/** Of the environments that still deploy the generic chart. */
async function readDeployments(context: StepContext, environments: readonly string[]): Promise<Deployment[]> {
  const all = await Promise.all(
    environments.map(async (env) => {
      const path = groupFile(context.candidate, env);
      const text = await readRequired(context, context.gitopsRepo, path);
      const read = (...keys: string[]): unknown => applicationValue(text, ['spec', 'source', ...keys]);
      if (read('chart') !== GENERIC_CHART) return undefined;
      if (read('helm', 'valueFiles') !== undefined || read('helm', 'valuesObject') !== undefined) {
        throw new StepError(
          `${path} uses helm.valueFiles or helm.valuesObject, which this migration cannot move`,
        );
      }
      const inline = read('helm', 'values');
      return {
        env,
        version: required(read('targetRevision'), `${path}: targetRevision`),
        repository: required(read('repoURL'), `${path}: repoURL`),
        values: dependencyValues(
          GENERIC_CHART,
          typeof inline === 'string' ? inline : '',
          parametersOf(read('helm', 'parameters')),
        ),
      };
    }),
  );
  return all.filter((deployment) => deployment !== undefined);
}

function required(value: unknown, what: string): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new StepError(`${what} is missing`);
  return String(value);
}

async function commonValues(context: StepContext): Promise<string> {
  const { candidate, gitopsRepo } = context;
  const path = candidate.files?.find((group) => group.name === 'base')?.files[0]?.path;
  const text = path === undefined ? undefined : await (await context.workspace(gitopsRepo)).read(path);
  const inline =
    text === undefined ? undefined : applicationValue(text, ['spec', 'source', 'helm', 'values']);
  const values = dependencyValues(GENERIC_CHART, typeof inline === 'string' ? inline : '', []);
  return `# Values of ${candidate.id} in every environment.\n${values}`;
}

/** The last environment is the one that matters most, so its version of the generic chart is the one depended on. */
function chartFile(context: StepContext, deployments: readonly Deployment[]): string {
  const reference = deployments.at(-1);
  if (!reference)
    throw new StepError('no environment deploys the generic chart any more, and there is no own chart');
  const { id } = context.candidate;
  return [
    'apiVersion: v2',
    `name: ${plain(id)}`,
    `description: ${plain(`Deploys ${id}`)}`,
    'type: application',
    `version: ${plain(chartVersion(context))}`,
    'dependencies:',
    `  - name: ${GENERIC_CHART}`,
    `    version: ${plain(reference.version)}`,
    `    repository: ${plain(reference.repository)}`,
    '',
  ].join('\n');
}

function describe({ candidate }: StepContext, deployments: readonly Deployment[]): string {
  const versions = deployments.map(({ env, version }) => `- ${env}: ${GENERIC_CHART} ${version}`);
  return [
    `Adds \`${chartDirectory(candidate)}\`, a chart that wraps ${GENERIC_CHART} with the values that the GitOps`,
    'repository sets today. Nothing is deployed from it yet. Deployed today:',
    '',
    ...versions,
  ].join('\n');
}
