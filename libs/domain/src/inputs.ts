import type { FieldProblem } from './errors';
import type { InputDefinition } from './migration';

/**
 * What is wrong with operator inputs: a name that the migration does not ask for, or (when `complete`) a required
 * one that is absent or blank. Pointers are JSON pointers into the request body.
 */
export function inputProblems(
  definitions: readonly InputDefinition[],
  inputs: Readonly<Record<string, string>>,
  complete: boolean,
): FieldProblem[] {
  const known = new Set(definitions.map((definition) => definition.name));
  const unknown = Object.keys(inputs)
    .filter((name) => !known.has(name))
    .map((name) => ({
      pointer: `/inputs/${escapePointer(name)}`,
      message: 'this migration does not ask for this input',
    }));
  if (!complete) return unknown;
  const missing = definitions
    .filter(({ name }) => (Object.hasOwn(inputs, name) ? (inputs[name] ?? '') : '').trim() === '')
    .map(({ name, label }) => ({
      pointer: `/inputs/${escapePointer(name)}`,
      message: `${label} is required`,
    }));
  return [...unknown, ...missing];
}

/** Those of `inputs` that the migration asks for today; it may have asked for others when they were given. */
export function inputsAskedFor(
  definitions: readonly InputDefinition[],
  inputs: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = new Set(definitions.map(({ name }) => name));
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => names.has(name)));
}

/** One reference token of a JSON pointer (RFC 6901). */
export function escapePointer(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}
