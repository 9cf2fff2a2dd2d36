import {
  InvalidRequestError,
  LIMITS,
  PayloadTooLargeError,
  duplicateStepName,
  type Candidate,
  type FieldProblem,
  type StepDefinition,
} from '@loom/domain';
import { bytesOver } from './check-size';

/** More would only make the answer long. */
const MOST_PROBLEMS = 50;

/**
 * What a schema cannot say of discovered candidates: no id twice, no step name twice in a candidate's own list, and
 * the size of each.
 * @throws InvalidRequestError, PayloadTooLargeError
 */
export function requireCandidates(candidates: readonly Candidate[]): void {
  const seen = new Set<string>();
  const problems: FieldProblem[] = [];
  const tooLarge: FieldProblem[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const pointer = `/candidates/${index}`;
    if (seen.has(candidate.id)) problems.push({ pointer: `${pointer}/id`, message: 'stands twice' });
    seen.add(candidate.id);
    problems.push(...stepProblems(candidate.steps, `${pointer}/steps`));
    const bytes = bytesOver(candidate, LIMITS.candidateBytes);
    if (bytes !== undefined) tooLarge.push({ pointer, message: `has ${bytes} bytes` });
    if (problems.length >= MOST_PROBLEMS || tooLarge.length >= MOST_PROBLEMS) break;
  }
  if (problems.length > 0) throw new InvalidRequestError('the candidates do not fit the contract', problems);
  if (tooLarge.length > 0) throw new PayloadTooLargeError('a candidate is larger than 64 KiB', tooLarge);
}

/** The second of two steps with one name, if there is such; `pointer` is of the list. */
export function stepProblems(steps: readonly StepDefinition[] | undefined, pointer: string): FieldProblem[] {
  const name = steps === undefined ? undefined : duplicateStepName(steps);
  if (steps === undefined || name === undefined) return [];
  const second = steps.findLastIndex((step) => step.name === name);
  return [{ pointer: `${pointer}/${second}/name`, message: 'stands twice' }];
}
