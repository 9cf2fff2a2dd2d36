import { isMap, isNode, isScalar, type Node } from 'yaml';
import { YamlEditError, type LocatedPair } from './locate';

/** Lines of a text, from the start of the first to behind the line end of the last. */
export type Lines = [start: number, end: number];

/**
 * The lines of a pair: from its key's to its value's last one, and the comment lines behind that which are indented
 * deeper than the key and so can only speak of the value.
 */
export function linesOf(text: string, { pair, keyStart, indent }: LocatedPair): Lines {
  const start = text.lastIndexOf('\n', keyStart - 1) + 1;
  const key = pair.key;
  const contentEnd = isNode(pair.value) ? lastContent(text, pair.value) : (key.range?.[1] ?? keyStart);
  return [start, withDeeperComments(text, behindLine(text, Math.max(contentEnd - 1, keyStart)), indent)];
}

function behindLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline + 1;
}

function withDeeperComments(text: string, from: number, indent: number): number {
  let end = from;
  for (let at = from; at < text.length; at = behindLine(text, at)) {
    const [, space = '', rest = ''] = /^([ \t]*)(.?)/.exec(text.slice(at, behindLine(text, at))) ?? [];
    if (rest === '#' && space.length > indent) end = behindLine(text, at);
    else if (rest !== '' && rest !== '\r') break;
  }
  return end;
}

/**
 * Where the blank lines end that follow `[start, end)`, when nothing is between these lines and `parentLine`: once
 * they are removed, the blank ones would stand between a key and its own map.
 */
export function withBlankLines(text: string, [start, end]: Lines, parentLine: number): number {
  if (parentLine < 0 || behindLine(text, parentLine) !== start) return end;
  const blank = /^(?:[ \t]*\r?\n)+/.exec(text.slice(end));
  return end + (blank?.[0].length ?? 0);
}

/** Offset behind the last character of a value; a block's trailing blank and comment lines are not part of it. */
function lastContent(text: string, node: Node): number {
  const range = node.range;
  if (!range) throw new YamlEditError('a value has no position');
  const last = isMap(node) || ('items' in node && Array.isArray(node.items)) ? lastChild(node) : undefined;
  if (last) return lastContent(text, last);
  let end = range[1];
  if (isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')) {
    while (end > range[0] && /\s/.test(text[end - 1] ?? '')) end -= 1;
  }
  return end;
}

function lastChild(node: Node): Node | undefined {
  if (!('items' in node) || !Array.isArray(node.items) || ('flow' in node && node.flow)) return undefined;
  const last: unknown = node.items.at(-1);
  if (isNode(last)) return last;
  const pair = last as { key?: unknown; value?: unknown } | undefined;
  if (isNode(pair?.value)) return pair.value;
  return isNode(pair?.key) ? pair.key : undefined;
}
