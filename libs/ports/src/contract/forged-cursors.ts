import type { CursorKey } from '../cursor';

/** Keys of all kinds; 1.5 is one of no list. */
const KEYS: CursorKey[] = [[], [''], ['abc'], [7], [1.5], [-1, 2], ['a', 'b'], [1, 'a'], [1, 'a', 'b']];

/** Cursors of the list of `cursor` with every key that is not made of these `types`. */
export function forgedCursors(cursor: string, types: readonly string[]): string[] {
  const content = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Record<string, unknown>;
  const fits = (key: CursorKey): boolean =>
    !key.includes(1.5) && key.map((part) => typeof part).join() === types.join();
  return KEYS.filter((key) => !fits(key)).map((k) =>
    Buffer.from(JSON.stringify({ ...content, k })).toString('base64url'),
  );
}
