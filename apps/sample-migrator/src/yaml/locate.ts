import {
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';

/** Keys from the root of a document to a node. */
export type YamlPath = readonly string[];

/** A file that the editor cannot change without disturbing it; the message says where and why. */
export class YamlEditError extends Error {
  override readonly name = 'YamlEditError';
}

/** A block-style pair with its offsets in the text. */
export interface LocatedPair {
  pair: Pair<Scalar>;
  parent: YAMLMap;
  /** Column of the key, zero-based: the indentation of its map. */
  indent: number;
  /** Offset of the key. */
  keyStart: number;
}

/** One document of a YAML text, for reading by position. */
export interface YamlSource {
  document: Document;
  root: YAMLMap;
  lines: LineCounter;
}

/**
 * Parses the document of `text` that an edit is about: the first whose root is a map, and of `kind` when given.
 * @throws YamlEditError when the text is not valid YAML, or has no such document
 */
export function parseSource(text: string, kind?: string): YamlSource {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, keepSourceTokens: true });
  if (!Array.isArray(documents)) throw new YamlEditError('the file is empty');
  for (const document of documents) {
    const [error] = document.errors;
    if (error) throw new YamlEditError(`not valid YAML: ${error.message.split('\n')[0] ?? error.code}`);
    const root = document.contents;
    if (isMap(root) && (kind === undefined || (root as YAMLMap).get('kind') === kind))
      return { document, root, lines };
  }
  throw new YamlEditError(kind === undefined ? 'the file holds no mapping' : `the file holds no ${kind}`);
}

/** The node at `path`, or undefined. An alias or a scalar on the way counts as absent. */
export function nodeAt(root: YAMLMap, path: YamlPath): unknown {
  let node: unknown = root;
  for (const key of path) {
    if (!isMap(node)) return undefined;
    node = node.get(key, true);
  }
  return node;
}

/** The plain value at `path` (maps and lists as JavaScript ones, aliases as what they stand for), or undefined. */
export function valueAt({ document, root }: YamlSource, path: YamlPath): unknown {
  const node = nodeAt(root, path);
  if (!isNode(node)) return undefined;
  try {
    return node.toJS(document);
  } catch (unresolved) {
    const why = unresolved instanceof Error ? unresolved.message : 'unreadable';
    throw new YamlEditError(`${path.join('.')}: ${why}`);
  }
}

/**
 * The pair at `path` with its position, or undefined where there is none.
 * @throws YamlEditError when it stands in a flow map (`{a: 1}`), whose lines cannot be edited one by one
 */
export function pairAt(source: YamlSource, path: YamlPath): LocatedPair | undefined {
  const parent = nodeAt(source.root, path.slice(0, -1));
  if (!isMap(parent)) return undefined;
  const key = path.at(-1);
  const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
  if (pair === undefined) return undefined;
  if (parent.flow === true) throw new YamlEditError(`${path.join('.')} stands in a flow map`);
  const scalar = pair.key as Scalar;
  const keyStart = scalar.range?.[0] ?? 0;
  return {
    pair: pair as Pair<Scalar>,
    parent: parent,
    indent: columnOf(source, keyStart),
    keyStart,
  };
}

/** Zero-based column of an offset. */
export function columnOf(source: YamlSource, offset: number): number {
  return source.lines.linePos(offset).col - 1;
}
