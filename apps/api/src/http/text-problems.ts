import { escapePointer, type FieldProblem } from '@loom/domain';

/** The contract needs six; what parses and walks a body recurses, and a stack ends at some thousands. */
const DEEPEST = 64;

/**
 * Where in a JSON body, of which `value` stands at `pointer`, something is that nothing could keep: half a surrogate
 * pair, which has no UTF-8, a key `__proto__`, which would be lost by the first copy of its object, and what is nested
 * too deep. The first `most` of them.
 */
export function textProblems(value: unknown, pointer: string, most: number): FieldProblem[] {
  const problems: FieldProblem[] = [];
  collect(value, pointer, (problem) => problems.push(problem) < most);
  return problems;
}

/** Tells each problem until `tell` answers that it was enough; false then. A body may have a million of them. */
function collect(
  value: unknown,
  pointer: string,
  tell: (problem: FieldProblem) => boolean,
  depth = 0,
): boolean {
  const told = (message: string): boolean => tell({ pointer, message });
  if (typeof value === 'string') return isWellFormed(value) || told('is no valid Unicode');
  if (typeof value !== 'object' || value === null) return true;
  if (depth > DEEPEST) return told(`is nested more than ${String(DEEPEST)} levels deep`);
  for (const [key, part] of Object.entries(value)) {
    if (!goesOn(key, part)) return false;
  }
  return true;

  function goesOn(key: string, part: unknown): boolean {
    if (!isWellFormed(key)) return told('has a key that is no valid Unicode');
    if (key === '__proto__') return told('has a key __proto__, which is not kept');
    if (typeof part === 'string' && isWellFormed(part)) return true;
    return collect(part, `${pointer}/${escapePointer(key)}`, tell, depth + 1);
  }
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
