import { isDeepStrictEqual } from 'node:util';
import { appendKey, removeKey, replaceKey, setScalar } from '../yaml/edit';
import { commentsOf } from '../yaml/tokens';
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
  writeYaml,
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
  const valuesPath = `${chartDirectory(candidate)}/${valuesFile}`;
  const values = await readRequired(context, appRepo(candidate), valuesPath);
  const text = await readRequired(context, gitopsRepo, path);
  requireOurs(text, path, valuesFile);
  const elsewhere = commentsOf(values).map((comment) => comment.text);
  const swapped = useValuesFile(useChart(text, path, context), valuesFile, elsewhere);
  await writeYaml(context, gitopsRepo, path, swapped);
  return {
    repo: gitopsRepo,
    title: `Deploy ${candidate.id} from its own chart in ${env}`,
    body: [
      `\`${path}\` now takes chart \`${candidate.id}\` ${chartVersion(context)} from \`${context.chartRegistry}\`.`,
      `What its helm parameters said stands in the chart's \`${valuesFile}\`.`,
    ].join('\n'),
  };
};

/** Values from elsewhere are at the level of another chart: with the own one they would do nothing, unseen. */
function requireOurs(text: string, path: string, valuesFile: string): void {
  const helm = (key: string): unknown => applicationValue(text, [...HELM, key]);
  const foreign = ['valuesObject', 'fileParameters'].find((key) => helm(key) !== undefined);
  if (foreign !== undefined) throw new StepError(`${path} uses helm.${foreign}, which cannot be swapped`);
  const files = helm('valueFiles');
  if (files === undefined) return;
  if (!isDeepStrictEqual(files, [valuesFile])) {
    throw new StepError(`${path} uses helm.valueFiles ${JSON.stringify(files)}, not only ${valuesFile}`);
  }
  const beside = ['parameters', 'values'].find((key) => helm(key) !== undefined);
  if (beside !== undefined) {
    throw new StepError(`${path} sets helm.${beside} beside ${valuesFile}, where its values belong now`);
  }
}

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

/**
 * The values file takes the place of the parameters; inline values, which the chart's values hold too, go. Of the
 * comments in both those go that are `elsewhere`.
 */
function useValuesFile(text: string, valuesFile: string, elsewhere: readonly string[]): string {
  const lines = ['valueFiles:', `  - ${valuesFile}`];
  const read = (key: string): unknown => applicationValue(text, [...HELM, key]);
  const target = { ...application, elsewhere };
  let edited = text;
  if (read('valueFiles') === undefined) {
    if (read('parameters') !== undefined) edited = replaceKey(text, [...HELM, 'parameters'], lines, target);
    else if (applicationValue(text, HELM) !== undefined) edited = appendKey(text, HELM, lines, application);
    else edited = appendKey(text, SOURCE, ['helm:', ...lines.map((line) => `  ${line}`)], application);
  }
  return removeKey(edited, [...HELM, 'values'], target);
}
