import { InvalidInputsError, LIMITS, inputProblems, type InputDefinition } from '@loom/domain';
import { requireSize } from './check-size';

type Inputs = Readonly<Record<string, string>>;

/** Of all inputs that a run would have. @throws PayloadTooLargeError */
export function requireInputsSize(inputs: Inputs): void {
  requireSize(inputs, LIMITS.inputsBytes, 'the set of inputs', '/inputs');
}

/** @throws InvalidInputsError unless `inputs` are all that the migration asks for, and nothing else. */
export function requireComplete(definitions: readonly InputDefinition[] = [], inputs: Inputs): void {
  refuse(inputProblems(definitions, inputs, true));
}

/**
 * For a part of the inputs: each given one must be asked for, and may not be blanked, since every one is required.
 * @throws InvalidInputsError
 */
export function requireKnown(definitions: readonly InputDefinition[] = [], inputs: Inputs): void {
  const given = definitions.filter(({ name }) => Object.hasOwn(inputs, name));
  refuse(inputProblems(given, inputs, true));
}

function refuse(problems: ReturnType<typeof inputProblems>): void {
  if (problems.length > 0) throw new InvalidInputsError(problems);
}
