import { appendKey, removeKey, replaceKey, setScalar } from '../yaml/edit';
import { StepError, type ChangeStep, type StepContext } from './step';
import {
  applicationValue,
  appRepo,
  chartDirectory,
  chartVersion,
  environmentOf,
  GENERIC_CHART,
  groupFile,
  readRequired,
} from './subject';

const SOURCE = ['spec', 'source'];
const HELM = [...SOURCE, 'helm'];
const application = { kind: 'Application' };

/** Deploys one environment from the application's own chart instead of the generic one. */
export const swapChart: ChangeStep = async (context) => {
  const { candidate, gitopsRepo } = context;
  const env = environmentOf(context);
  const path = groupFile(candidate, env);
  const valuesFile = `values-${env}.yaml`;
  await readRequired(context, appRepo(candidate), `${chartDirectory(candidate)}/${valuesFile}`);
  const text = await readRequired(context, gitopsRepo, path);
  const swapped = useValuesFile(useChart(text, path, context), valuesFile);
  await (await context.workspace(gitopsRepo)).write(path, swapped);
  return {
    repo: gitopsRepo,
    title: `Deploy ${candidate.id} from its own chart in ${env}`,
    body: [
      `\`${path}\` now takes chart \`${candidate.id}\` ${chartVersion(context)} from \`${context.chartRegistry}\`.`,
      `What its helm parameters said stands in the chart's \`${valuesFile}\`.`,
    ].join('\n'),
  };
};

function useChart(text: string, path: string, context: StepContext): string {
  const { id } = context.candidate;
  const chart = applicationValue(text, [...SOURCE, 'chart']);
  if (chart !== GENERIC_CHART && chart !== id) {
    throw new StepError(`${path} deploys chart "${String(chart)}", neither ${GENERIC_CHART} nor ${id}`);
  }
  const wanted = { repoURL: context.chartRegistry, chart: id, targetRevision: chartVersion(context) };
  return Object.entries(wanted).reduce((edited, [key, value]) => {
    const keys = [...SOURCE, key];
    return applicationValue(edited, keys) === value ? edited : setScalar(edited, keys, value, application);
  }, text);
}

/** The values file takes the place of the parameters; inline values, which the chart's values hold too, go. */
function useValuesFile(text: string, valuesFile: string): string {
  const lines = ['valueFiles:', `  - ${valuesFile}`];
  const read = (key: string): unknown => applicationValue(text, [...HELM, key]);
  let edited = text;
  if (read('valueFiles') === undefined) {
    if (read('parameters') !== undefined)
      edited = replaceKey(text, [...HELM, 'parameters'], lines, application);
    else if (applicationValue(text, HELM) !== undefined) edited = appendKey(text, HELM, lines, application);
    else edited = appendKey(text, SOURCE, ['helm:', ...lines.map((line) => `  ${line}`)], application);
  }
  return removeKey(edited, [...HELM, 'values'], application);
}
