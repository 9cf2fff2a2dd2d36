import { InvalidRequestError } from '@loom/domain';

/** Which list a cursor belongs to; any difference makes it a cursor of another list. */
export interface CursorScope {
  /** Name of the list. */
  list: string;
  /** All that selects and orders its rows: migration, sort, filter. */
  of: Record<string, unknown>;
  /** What its sort key is made of: `text`, or a `whole` number. */
  key: readonly ('text' | 'whole')[];
}

/** Where a page ended: the sort key of its last row, by which the next page goes on whatever happened meanwhile. */
export type CursorKey = (string | number)[];

/** An opaque cursor: base64url of a small JSON. */
export function encodeCursor(scope: CursorScope, key: CursorKey): string {
  const text = JSON.stringify({ l: scope.list, s: scopeMark(scope), k: key });
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * The key inside a cursor, of the shape that the list has; undefined when there is no cursor.
 * @throws InvalidRequestError for garbage, and for a cursor of another list, sort or filter.
 */
export function decodeCursor(scope: CursorScope, cursor: string | undefined): CursorKey | undefined {
  if (cursor === undefined) return undefined;
  const content = parse(cursor);
  if (content === undefined) throw badCursor('is not a cursor');
  if (content.l !== scope.list || content.s !== scopeMark(scope)) {
    throw badCursor('belongs to another list, sort or filter');
  }
  if (!hasShape(content.k, scope.key)) throw badCursor('is not a cursor');
  return content.k;
}

function parse(cursor: string): { l: string; s: string; k: CursorKey } | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  try {
    const content: unknown = JSON.parse(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')));
    if (typeof content !== 'object' || content === null) return undefined;
    const { l, s, k } = content as Record<string, unknown>;
    if (typeof l !== 'string' || typeof s !== 'string' || !isKey(k)) return undefined;
    return { l, s, k };
  } catch {
    return undefined;
  }
}

function isKey(value: unknown): value is CursorKey {
  return Array.isArray(value) && value.every((part) => typeof part === 'string' || Number.isFinite(part));
}

/** Also a cursor that we made ourselves is only what its sender made of it. */
function hasShape(key: CursorKey, shape: CursorScope['key']): boolean {
  return (
    key.length === shape.length &&
    key.every((part, at) => (shape[at] === 'whole' ? Number.isSafeInteger(part) : typeof part === 'string'))
  );
}

function badCursor(message: string): InvalidRequestError {
  return new InvalidRequestError('the cursor is not usable', [{ pointer: 'cursor', message }]);
}

/** A short digest (2 × FNV-1a): it tells honest lists apart; what a forged cursor selects, its sender may read anyway. */
function scopeMark({ of }: CursorScope): string {
  const text = JSON.stringify(
    Object.entries(of)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return fnv1a(text, 0x811c9dc5) + fnv1a(text, 0x9747b28c);
}

function fnv1a(text: string, basis: number): string {
  let hash = basis;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
