import { commentsInside, plain } from '../yaml/edit';
import { parseSource } from '../yaml/locate';
import { parametersOf, withComments } from './helm-parameters';
import { dependencyValues, type HelmValues } from './helm-values';
import { StepError, type ChangeStep, type StepContext } from './step';
import {
  applicationValue,
  appRepo,
  chartDirectory,
  chartVersion,
  COMMON_VALUES,
  environmentsOf,
  GENERIC_CHART,
  groupFile,
  inlineValues,
  readRequired,
  writeYaml,
} from './subject';

/** Other ways to set values, which a values file of the own chart would not take the place of. */
const FOREIGN = ['valueFiles', 'valuesObject', 'fileParameters'];

/** What the GitOps repository says of one environment's deployment from the generic chart. */
interface Deployment {
  env: string;
  version: string;
  repository: string;
  values: HelmValues;
}

/**
 * Writes the application's own chart into its repository: a wrapper around the generic chart, whose values files hold
 * what the GitOps repository sets today. Files that are there already belong to the application's team, and stay.
 */
export const generateAppChart: ChangeStep = async (context) => {
  const { candidate } = context;
  const repo = appRepo(candidate);
  const directory = chartDirectory(candidate);
  const environments = environmentsOf(candidate);
  // Looked for by name: a file of the team's own need not even be text.
  const present = new Set(await (await context.workspace(repo)).list(directory));
  const writeNew = async (name: string, content: () => string | Promise<string>): Promise<void> => {
    const path = `${directory}/${name}`;
    if (!present.has(path)) await writeYaml(context, repo, path, await content());
  };
  const deployments = await readDeployments(context, environments);
  for (const { env, values } of deployments) {
    const content = () =>
      `# Values of ${candidate.id} in ${env}.\n${dependencyValues(GENERIC_CHART, values)}`;
    await writeNew(`values-${env}.yaml`, content);
  }
  await writeNew('values.yaml', () => commonValues(context));
  await writeNew('Chart.yaml', () => chartFile(context, deployments));
  return {
    repo,
    title: `Give ${candidate.id} its own chart`,
    body: describe(context, deployments),
  };
};

/** Of the environments that still deploy the generic chart. */
async function readDeployments(context: StepContext, environments: readonly string[]): Promise<Deployment[]> {
  const all = await Promise.all(
    environments.map(async (env) => {
      const path = groupFile(context.candidate, env);
      const text = await readRequired(context, context.gitopsRepo, path);
      const read = (...keys: string[]): unknown => applicationValue(text, ['spec', 'source', ...keys]);
      if (read('chart') !== GENERIC_CHART) return undefined;
      const foreign = FOREIGN.find((key) => read('helm', key) !== undefined);
      if (foreign !== undefined) {
        throw new StepError(`${path} uses helm.${foreign}, which this migration cannot move`);
      }
      return {
        env,
        version: required(read('targetRevision'), `${path}: targetRevision`),
        repository: required(read('repoURL'), `${path}: repoURL`),
        values: environmentValues(text),
      };
    }),
  );
  return all.filter((deployment) => deployment !== undefined);
}

/** What an overlay says of values, with the comments that go from it when its chart is swapped. */
function environmentValues(text: string): HelmValues {
  const helm = ['spec', 'source', 'helm'];
  const inside = (key: string) =>
    commentsInside(text, [...helm, key], { kind: 'Application', keep: helm.length });
  const path = [...helm, 'parameters'];
  const about = inside('parameters');
  const parameters = parametersOf(applicationValue(text, path));
  return {
    inline: inlineValues(text),
    parameters: withComments(parameters, parseSource(text, 'Application'), path, about),
    comments: [...about, ...inside('values')].map((comment) => comment.text),
  };
}

function required(value: unknown, what: string): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new StepError(`${what} is missing`);
  return String(value);
}

async function commonValues(context: StepContext): Promise<string> {
  const { candidate, gitopsRepo } = context;
  const path = candidate.files?.find((group) => group.name === 'base')?.files[0]?.path;
  const text = path === undefined ? undefined : await (await context.workspace(gitopsRepo)).read(path);
  const shared = text === undefined ? {} : sharedValues(text);
  const values = dependencyValues(GENERIC_CHART, shared);
  return `# Values of ${candidate.id} in every environment.\n${values}`;
}

/** What a base Application says of values, with the comments that go from it at the end. */
function sharedValues(text: string): HelmValues {
  const comments = commentsInside(text, COMMON_VALUES.path, COMMON_VALUES);
  return { inline: inlineValues(text), comments: comments.map((comment) => comment.text) };
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
