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
  collect(value, pointer, problems, 0);
  return problems.slice(0, most);
}

/** Into one list: a body may have a million texts, and hardly ever a problem. */
function collect(value: unknown, pointer: string, problems: FieldProblem[], depth: number): void {
  if (typeof value === 'string') {
    if (!isWellFormed(value)) problems.push({ pointer, message: 'is no valid Unicode' });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > DEEPEST) {
    problems.push({ pointer, message: `is nested more than ${String(DEEPEST)} levels deep` });
    return;
  }
  for (const [key, part] of Object.entries(value)) {
    if (!isWellFormed(key)) problems.push({ pointer, message: 'has a key that is no valid Unicode' });
    else if (key === '__proto__')
      problems.push({ pointer, message: 'has a key __proto__, which is not kept' });
    else if (typeof part !== 'string' || !isWellFormed(part))
      collect(part, `${pointer}/${escapePointer(key)}`, problems, depth + 1);
  }
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
