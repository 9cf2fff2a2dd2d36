import { isMap, isNode, isScalar, type Node, type Scalar, stringify } from 'yaml';
import {
  columnOf,
  nodeAt,
  pairAt,
  parseSource,
  YamlEditError,
  type LocatedPair,
  type YamlPath,
} from './locate';

/** Which document of a file is meant: the first of this kind; the first map when absent. */
export interface EditTarget {
  kind?: string;
}

/*
 * Edits are splices at positions that the parser reports: whatever is outside the spliced range keeps every byte,
 * comments, quotes, blank lines and line ends included. (Printing the document anew would reformat other lines.)
 */

/**
 * Replaces the scalar at `path`, keeping its quotes and a comment behind it.
 * @throws YamlEditError when there is no single-line scalar
 */
export function setScalar(
  text: string,
  path: YamlPath,
  value: string | boolean,
  target: EditTarget = {},
): string {
  const node = nodeAt(parseSource(text, target.kind).root, path);
  if (!isScalar(node) || !node.range) throw new YamlEditError(`there is no value at ${path.join('.')}`);
  const [start, end] = node.range;
  if (text.slice(start, end).includes('\n')) throw new YamlEditError(`${path.join('.')} has several lines`);
  return splice(text, start, end, renderScalar(value, node));
}

/**
 * Removes the pair at `path` with all lines of its value. Comments above it stay: they may speak of more than this
 * key. A map that becomes empty goes too, up to `keep` levels from the root.
 */
export function removeKey(text: string, path: YamlPath, target: EditTarget & { keep?: number } = {}): string {
  const source = parseSource(text, target.kind);
  const located = pairAt(source, path);
  if (!located) return text;
  if (located.parent.items.length === 1 && path.length - 1 > (target.keep ?? 0)) {
    return removeKey(text, path.slice(0, -1), target);
  }
  const [start, end] = linesOf(text, located);
  // The first key of a list item shares its line with the dash: that line cannot go without the next key moving up.
  if (text.slice(start, located.keyStart).trim() !== '') {
    throw new YamlEditError(`${path.join('.')} shares its line with something else`);
  }
  return splice(text, start, end, '');
}

/** Replaces the pair at `path`, all lines of it, by `lines` written at the same indentation. */
export function replaceKey(
  text: string,
  path: YamlPath,
  lines: readonly string[],
  target: EditTarget = {},
): string {
  const located = pairAt(parseSource(text, target.kind), path);
  if (!located) throw new YamlEditError(`there is no ${path.join('.')}`);
  const [, end] = linesOf(text, located);
  const block = indented(text, lines, located.indent).slice(located.indent);
  return splice(text, located.keyStart, end, block);
}

/**
 * Adds a pair, given as `lines` without indentation, behind the last one of the block map at `path`.
 * @throws YamlEditError when there is no block map
 */
export function appendKey(
  text: string,
  path: YamlPath,
  lines: readonly string[],
  target: EditTarget = {},
): string {
  const source = parseSource(text, target.kind);
  const map = nodeAt(source.root, path);
  const last = isMap(map) ? map.items.at(-1) : undefined;
  if (!isMap(map) || map.flow === true || !last)
    throw new YamlEditError(`${path.join('.')} is not a block map`);
  const key = last.key as Scalar;
  const keyStart = key.range?.[0] ?? 0;
  const indent = columnOf(source, keyStart);
  const [, end] = linesOf(text, {
    pair: last as LocatedPair['pair'],
    parent: map,
    indent,
    keyStart,
  });
  const newline = eol(text);
  const open = end > 0 && text[end - 1] !== '\n' ? newline : '';
  return splice(text, end, end, open + indented(text, lines, indent));
}

/** From the start of the pair's first line to behind the line end of its value's last line. */
function linesOf(text: string, { pair, keyStart }: LocatedPair): [number, number] {
  const start = text.lastIndexOf('\n', keyStart - 1) + 1;
  const key = pair.key;
  const contentEnd = isNode(pair.value) ? lastContent(text, pair.value) : (key.range?.[1] ?? keyStart);
  const newline = text.indexOf('\n', Math.max(contentEnd - 1, keyStart));
  return [start, newline === -1 ? text.length : newline + 1];
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

function renderScalar(value: string | boolean, node: Scalar): string {
  if (typeof value === 'boolean') return String(value);
  if (node.type === 'QUOTE_DOUBLE') return JSON.stringify(value);
  if (node.type === 'QUOTE_SINGLE') return `'${value.replaceAll("'", "''")}'`;
  return plain(value);
}

/** `value` as a one-line YAML string, quoted only where it would else be read as something different. */
export function plain(value: string): string {
  return stringify(value, { lineWidth: 0, defaultStringType: 'PLAIN', blockQuote: false }).trimEnd();
}

function indented(text: string, lines: readonly string[], indent: number): string {
  const newline = eol(text);
  return lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line) + newline).join('');
}

function eol(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}
