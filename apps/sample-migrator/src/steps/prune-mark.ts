import { appendKey, removeKey } from '../yaml/edit';
import { nodeAt, parseSource } from '../yaml/locate';
import type { StepChange, StepContext } from './step';
import { applicationValue, environmentOf, groupFile, readRequired, writeYaml } from './subject';

/** Says on an Application that its pruning is off only for the time of the swap, so that it can be put back. */
const PRUNE_MARK = 'app-chart-migration/restore-prune';
export const PRUNE = ['spec', 'syncPolicy', 'automated', 'prune'];
export const APPLICATION = { kind: 'Application' };

const ANNOTATIONS = ['metadata', 'annotations'];
const MARK = [...ANNOTATIONS, PRUNE_MARK];

/** True when the Application carries the mark. */
export function isMarked(text: string): boolean {
  return applicationValue(text, MARK) !== undefined;
}

/** Adds the mark as an annotation. */
export function mark(text: string): string {
  const line = `${PRUNE_MARK}: "true"`;
  const present = nodeAt(parseSource(text, 'Application').root, ANNOTATIONS) !== undefined;
  return present
    ? appendKey(text, ANNOTATIONS, [line], APPLICATION)
    : appendKey(text, ['metadata'], ['annotations:', `  ${line}`], APPLICATION);
}

/** Takes the mark away, and the annotations with it when there is no other. */
export function unmark(text: string): string {
  return removeKey(text, MARK, { ...APPLICATION, keep: 1 });
}

/** Applies `change` to the Application of the step's environment. */
export async function editApplication(
  context: StepContext,
  what: string,
  change: (text: string) => string,
): Promise<StepChange> {
  const { candidate, gitopsRepo } = context;
  const env = environmentOf(context);
  const path = groupFile(candidate, env);
  const text = await readRequired(context, gitopsRepo, path);
  await writeYaml(context, gitopsRepo, path, change(text));
  return {
    repo: gitopsRepo,
    title: `${what} ${candidate.id} in ${env}`,
    body: `${what} in \`${path}\`, so that swapping the chart removes nothing by mistake.`,
  };
}
