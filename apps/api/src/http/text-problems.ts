import { escapePointer, type FieldProblem } from '@loom/domain';

/**
 * Where in a JSON body, of which `value` stands at `pointer`, something is that nothing could keep: half a surrogate
 * pair, which has no UTF-8, and a key `__proto__`, which would be lost by the first copy of its object.
 */
export function textProblems(value: unknown, pointer = ''): FieldProblem[] {
  const problems: FieldProblem[] = [];
  collect(value, pointer, problems);
  return problems;
}

/** Into one list: a body may have a million texts, and hardly ever a problem. */
function collect(value: unknown, pointer: string, problems: FieldProblem[]): void {
  if (typeof value === 'string') {
    if (!isWellFormed(value)) problems.push({ pointer, message: 'is no valid Unicode' });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (!isWellFormed(key)) problems.push({ pointer, message: 'has a key that is no valid Unicode' });
    else if (key === '__proto__')
      problems.push({ pointer, message: 'has a key __proto__, which is not kept' });
    else if (typeof part !== 'string' || !isWellFormed(part))
      collect(part, `${pointer}/${escapePointer(key)}`, problems);
  }
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
