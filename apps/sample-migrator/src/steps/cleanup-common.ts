import { removeKey } from '../yaml/edit';
import type { ChangeStep } from './step';
import { groupFile, readRequired } from './subject';

/** Levels from the root that stay even when empty: `spec` of the base Application belongs to others too. */
const KEEP = 1;

/** Removes the generic chart's values that all environments shared: they stand in the own chart's values.yaml. */
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
  const edited = removeKey(text, ['spec', 'source', 'helm', 'values'], { kind: 'Application', keep: KEEP });
  await (await context.workspace(gitopsRepo)).write(path, edited);
  return change;
};
