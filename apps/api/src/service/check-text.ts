import { escapePointer, type FieldProblem } from '@loom/domain';

/** Where in `value`, which stands at `pointer`, a text has half a surrogate pair: that has no UTF-8, so nothing could keep it. */
export function textProblems(value: unknown, pointer: string): FieldProblem[] {
  if (typeof value === 'string')
    return isWellFormed(value) ? [] : [{ pointer, message: 'is no valid Unicode' }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    isWellFormed(key)
      ? textProblems(part, `${pointer}/${escapePointer(key)}`)
      : [{ pointer, message: 'has a key that is no valid Unicode' }],
  );
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
