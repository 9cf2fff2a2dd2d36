import { removeKey } from '../yaml/edit';
import { commentsOf } from '../yaml/tokens';
import type { ChangeStep } from './step';
import { appRepo, chartDirectory, COMMON_VALUES, groupFile, readRequired, writeYaml } from './subject';

/**
 * Removes the generic chart's values that all environments shared: they stand in the own chart's values.yaml. What
 * people wrote about them goes too where it stands there as well.
 */
export const cleanupCommon: ChangeStep = async (context) => {
  const { candidate, gitopsRepo } = context;
  const change = {
    repo: gitopsRepo,
    title: `Remove the generic chart's values of ${candidate.id}`,
    body: `All environments take them from \`values.yaml\` of the chart \`${candidate.id}\`.`,
  };
  if (!candidate.files?.some((group) => group.name === 'base')) return change;
  const path = groupFile(candidate, 'base');
  const text = await readRequired(context, gitopsRepo, path);
  const own = await context.workspace(appRepo(candidate));
  const moved = (await own.read(`${chartDirectory(candidate)}/values.yaml`)) ?? '';
  const elsewhere = commentsOf(moved).map((comment) => comment.text);
  await writeYaml(
    context,
    gitopsRepo,
    path,
    removeKey(text, COMMON_VALUES.path, { ...COMMON_VALUES, elsewhere }),
  );
  return change;
};
