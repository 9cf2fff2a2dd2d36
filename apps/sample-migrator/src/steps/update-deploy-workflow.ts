import { appendKey, setScalar } from '../yaml/edit';
import { nodeAt, parseSource, valueAt } from '../yaml/locate';
import { StepError, type ChangeStep, type StepContext } from './step';
import { appRepo, chartDirectory, GENERIC_CHART, readRequired, writeYaml } from './subject';

const WORKFLOW = '.github/workflows/deploy.yaml';
const JOB = 'publish-chart';

/** Lets the application's deploy workflow publish its own chart, and deploy that instead of the generic one. */
export const updateDeployWorkflow: ChangeStep = async (context) => {
  const repo = appRepo(context.candidate);
  const text = await readRequired(context, repo, WORKFLOW);
  const edited = addPublishJob(nameOwnChart(text, context), context);
  await writeYaml(context, repo, WORKFLOW, edited);
  return {
    repo,
    title: `Publish and deploy the own chart of ${context.candidate.id}`,
    body: `\`${WORKFLOW}\` gets a job that publishes \`${chartDirectory(context.candidate)}\` to \`${context.chartRegistry}\`.`,
  };
};

function nameOwnChart(text: string, { candidate, chartRegistry }: StepContext): string {
  const source = parseSource(text);
  if (valueAt(source, ['env', 'CHART']) !== GENERIC_CHART) return text;
  const named = setScalar(text, ['env', 'CHART'], candidate.id);
  const hasRepository = nodeAt(source.root, ['env', 'CHART_REPOSITORY']) !== undefined;
  return hasRepository ? setScalar(named, ['env', 'CHART_REPOSITORY'], `oci://${chartRegistry}`) : named;
}

function addPublishJob(text: string, context: StepContext): string {
  const { root } = parseSource(text);
  if (nodeAt(root, ['jobs']) === undefined) throw new StepError(`${WORKFLOW} has no jobs`);
  if (nodeAt(root, ['jobs', JOB]) !== undefined) return text;
  const directory = chartDirectory(context.candidate);
  return appendKey(
    text,
    ['jobs'],
    [
      '',
      `${JOB}:`,
      ...(nodeAt(root, ['jobs', 'test']) === undefined ? [] : ['  needs: test']),
      '  runs-on: ubuntu-latest',
      '  permissions:',
      '    contents: read',
      '    packages: write',
      '  steps:',
      '    - uses: actions/checkout@v4',
      `    - run: helm package --dependency-update --destination dist ${directory}`,
      `    - run: helm push dist/*.tgz oci://${context.chartRegistry}`,
    ],
  );
}
