import { escapePointer, type FieldProblem } from '@loom/domain';

/** The contract needs six; what parses and walks a body recurses, and a stack ends at some thousands. */
const DEEPEST = 64;

/**
 * Where in a JSON body, of which `value` stands at `pointer`, something is that nothing could keep: half a surrogate
 * pair, which has no UTF-8, a key `__proto__`, which would be lost by the first copy of its object, and what is nested
 * too deep. The first `most` of them.
 */
export function textProblems(value: unknown, pointer: string, most: number): FieldProblem[] {
  // Where something stands is worked out only once something is wrong: that costs ten times as much.
  if (isClean(value)) return [];
  const problems: FieldProblem[] = [];
  collect(value, pointer, (problem) => problems.push(problem) < most);
  return problems;
}

function isClean(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  if (depth > DEEPEST) return false;
  if (Array.isArray(value)) return value.every((part) => isClean(part, depth + 1));
  const fields = value as Record<string, unknown>;
  return Object.keys(fields).every(
    (key) => key.isWellFormed() && key !== '__proto__' && isClean(fields[key], depth + 1),
  );
}

/** Tells each problem until `tell` answers that it was enough; false then. A body may have a million of them. */
function collect(
  value: unknown,
  pointer: string,
  tell: (problem: FieldProblem) => boolean,
  depth = 0,
): boolean {
  const told = (message: string): boolean => tell({ pointer, message });
  if (typeof value === 'string') return value.isWellFormed() || told('is no valid Unicode');
  if (typeof value !== 'object' || value === null) return true;
  if (depth > DEEPEST) return told(`is nested more than ${String(DEEPEST)} levels deep`);
  for (const [key, part] of Object.entries(value)) {
    if (!goesOn(key, part)) return false;
  }
  return true;

  function goesOn(key: string, part: unknown): boolean {
    if (!key.isWellFormed()) return told('has a key that is no valid Unicode');
    if (key === '__proto__') return told('has a key __proto__, which is not kept');
    if (typeof part === 'string' && part.isWellFormed()) return true;
    return collect(part, `${pointer}/${escapePointer(key)}`, tell, depth + 1);
  }
}
