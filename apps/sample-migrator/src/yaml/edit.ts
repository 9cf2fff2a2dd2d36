import { isAlias, isMap, isScalar, parse, type Scalar, stringify } from 'yaml';
import { linesOf, withBlankLines, type Lines } from './block';
import {
  columnOf,
  nodeAt,
  pairAt,
  parseSource,
  YamlEditError,
  type LocatedPair,
  type YamlPath,
  type YamlSource,
} from './locate';
import { proven, refuseUsedAnchor } from './proven';
import { commentsOf, missingFrom, tokensOf, type Comment } from './tokens';

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
 * @throws YamlEditError when there is no single-line scalar, or when something else would change with it
 */
export function setScalar(
  text: string,
  path: YamlPath,
  value: string | boolean,
  { kind }: EditTarget = {},
): string {
  const name = path.join('.');
  const node = nodeAt(parseSource(text, kind).root, path);
  if (isAlias(node)) throw new YamlEditError(`${name} is the alias *${node.source}: it is set elsewhere`);
  if (!isScalar(node) || !node.range) throw new YamlEditError(`there is no value at ${name}`);
  const [start, end] = node.range;
  if (text.slice(start, end).includes('\n')) throw new YamlEditError(`${name} has several lines`);
  if (node.anchor !== undefined && tokensOf(text).some((token) => token.text === `*${node.anchor ?? ''}`)) {
    throw new YamlEditError(`${name} holds the anchor &${node.anchor}, which is used elsewhere`);
  }
  return proven(text, splice(text, start, end, renderScalar(value, node)), [path], kind);
}

/** Which comments stand elsewhere by now, so that they may go with what they are about. */
export interface Moved {
  elsewhere?: readonly string[];
}

/**
 * Removes the pair at `path` with all lines of its value. Comments above it stay: they may speak of more than this
 * key. A map that becomes empty goes too, up to `keep` levels from the root. A comment inside all that stays where it
 * was, on a line of its own, unless it is `elsewhere`.
 * @throws YamlEditError when something else would change with it
 */
export function removeKey(
  text: string,
  path: YamlPath,
  { kind, keep, elsewhere = [] }: EditTarget & Moved & { keep?: number } = {},
): string {
  const source = parseSource(text, kind);
  const located = removedPair(source, path, keep);
  if (!located) return text;
  const lines = linesOf(text, located);
  const [start, end] = lines;
  // The first key of a list item shares its line with the dash: that line cannot go without the next key moving up.
  if (text.slice(start, located.keyStart).trim() !== '') {
    throw new YamlEditError(`${path.join('.')} shares its line with something else`);
  }
  refuseUsedAnchor(text, start, end, path);
  const stay = missingFrom(elsewhere, textsBetween(text, lines));
  const parentLine = pairAt(source, located.path.slice(0, -1))?.keyStart ?? -1;
  const to = stay.length === 0 ? withBlankLines(text, lines, parentLine) : end;
  return proven(text, splice(text, start, to, indented(text, stay, located.indent)), [path], kind);
}

/** The comments that go with the pair at `path` when it is removed, in their order. */
export function commentsInside(
  text: string,
  path: YamlPath,
  { kind, keep }: EditTarget & { keep?: number } = {},
): Comment[] {
  const located = removedPair(parseSource(text, kind), path, keep);
  return located ? commentsBetween(text, linesOf(text, located)) : [];
}

/**
 * Replaces the pair at `path`, all lines of it, by `lines` written at the same indentation. Comments inside that are
 * not `elsewhere` stay above them.
 * @throws YamlEditError when something else would change with it
 */
export function replaceKey(
  text: string,
  path: YamlPath,
  lines: readonly string[],
  { kind, elsewhere = [] }: EditTarget & Moved = {},
): string {
  const located = pairAt(parseSource(text, kind), path);
  if (!located) throw new YamlEditError(`there is no ${path.join('.')}`);
  const range = linesOf(text, located);
  refuseUsedAnchor(text, located.keyStart, range[1], path);
  const stay = missingFrom(elsewhere, textsBetween(text, [located.keyStart, range[1]]));
  const block = indented(text, [...stay, ...lines], located.indent).slice(located.indent);
  const edited = splice(text, located.keyStart, range[1], block);
  return proven(text, edited, [path, ...keysOf(lines, path.slice(0, -1))], kind);
}

/**
 * Adds a pair, given as `lines` without indentation, behind the last one of the block map at `path`.
 * @throws YamlEditError when there is no block map
 */
export function appendKey(
  text: string,
  path: YamlPath,
  lines: readonly string[],
  { kind }: EditTarget = {},
): string {
  const source = parseSource(text, kind);
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
  return proven(
    text,
    splice(text, end, end, open + indented(text, lines, indent)),
    keysOf(lines, path),
    kind,
  );
}

/** The pair to remove for `path`: that one, or the outermost map that would be empty without it. */
function removedPair(
  source: YamlSource,
  path: YamlPath,
  keep = 0,
): (LocatedPair & { path: YamlPath }) | undefined {
  const located = pairAt(source, path);
  if (located?.parent.items.length === 1 && path.length - 1 > keep) {
    return removedPair(source, path.slice(0, -1), keep);
  }
  return located && { ...located, path };
}

function commentsBetween(text: string, [start, end]: Lines): Comment[] {
  return commentsOf(text).filter((one) => one.start >= start && one.start < end);
}

function textsBetween(text: string, lines: Lines): string[] {
  return commentsBetween(text, lines).map((one) => one.text);
}

function keysOf(lines: readonly string[], parent: YamlPath): YamlPath[] {
  return Object.keys(parse(lines.join('\n')) as object).map((key) => [...parent, key]);
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
