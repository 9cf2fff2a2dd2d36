import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, isScalar, isSeq, parse, parseAllDocuments, parseDocument, Scalar } from 'yaml';
import { commentsOf, missingFrom, tokensOf } from '../yaml/tokens';
import { annotate } from './annotate';
import { parameterPath, valuesFromParameters, type HelmParameter, type Tree } from './helm-parameters';
import { StepError } from './step';

/** What one Application says of the generic chart's values. */
export interface HelmValues {
  /** The text of `helm.values`. */
  inline?: string;
  parameters?: readonly HelmParameter[];
  /** Comments that go with all that; those that find no better place come first in the file. */
  comments?: readonly string[];
}

/**
 * Values for the generic chart as a dependency: the same, one level down under its name. The text of `inline` values
 * is kept as it is, comments included; parameters win over it, as they do in Argo CD, and bring their comments.
 * @throws StepError when helm.values cannot be moved so that it says the same there
 */
export function dependencyValues(
  chart: string,
  { inline = '', parameters = [], comments = [] }: HelmValues,
): string {
  if (parseAllDocuments(inline).length > 1) throw new StepError('helm.values holds several documents');
  const content = withoutMarkers(inline);
  const document = mappingOf(content);
  const tree = valuesFromParameters(parameters);
  const expected = plainCopy(overlaid(toJS(document), tree));
  const text = nest(chart, tree.size === 0 ? content : merged(document, tree, parameters));
  const wanted = [...comments, ...commentsOf(content).map((one) => one.text)];
  const present = commentsOf(text).map((one) => one.text);
  const homeless = missingFrom(present, wanted).map((comment) => `${comment}\n`);
  if (!isDeepStrictEqual(plainCopy(parsed(text)), { [chart]: expected })) {
    throw new StepError('helm.values cannot be written one level down so that it says the same');
  }
  return homeless.join('') + text;
}

/** The text without `---`, `...` and directives, which cannot stand inside a document. */
function withoutMarkers(text: string): string {
  const markers = tokensOf(text).filter(
    (token) => token.text === '---' || token.text === '...' || /^[%\ufeff]/.test(token.text),
  );
  return markers.reduceRight((left, { start, text: marker }) => {
    const lineEnd = /^[ \t]*\r?\n/.exec(left.slice(start + marker.length))?.[0] ?? '';
    return left.slice(0, start) + left.slice(start + marker.length + lineEnd.length);
  }, text);
}

/** @throws StepError unless the text is one mapping, or none at all */
function mappingOf(content: string): Document {
  const document: Document = parseDocument(content);
  if (document.errors[0]) throw new StepError('helm.values is not valid YAML');
  const { contents } = document;
  if (contents !== null && !isMap(contents) && !(isScalar(contents) && contents.value === null)) {
    throw new StepError('helm.values is not a mapping');
  }
  return document;
}

function toJS(document: Document): Record<string, unknown> {
  try {
    return (document.toJS() ?? {}) as Record<string, unknown>;
  } catch (unresolved) {
    throw new StepError(`helm.values is not valid YAML: ${String(unresolved)}`);
  }
}

function overlaid(values: unknown, tree: Tree): Record<string, unknown> {
  const known = typeof values === 'object' && !Array.isArray(values) ? values : {};
  const result: Record<string, unknown> = { ...known };
  for (const [key, value] of tree) {
    result[key] = value instanceof Map ? overlaid(result[key], value as Tree) : value;
  }
  return result;
}

/** Maps as objects and gaps in lists as null, to compare by. */
function plainCopy(value: unknown): unknown {
  const objects = (_: string, inner: unknown): unknown =>
    inner instanceof Map ? (Object.fromEntries(inner) as unknown) : inner;
  return JSON.parse(JSON.stringify(value, objects)) as unknown;
}

function merged(document: Document, tree: Tree, parameters: readonly HelmParameter[]): string {
  const result = isMap(document.contents) ? document : new Document({});
  try {
    refuseListPositions(result, parameters);
    merge(tree, [], (path, value) => {
      set(result, path, value);
    });
    annotate(result, parameters);
    return result.toString({ lineWidth: 0 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StepError(`helm.parameters cannot be merged into helm.values: ${why}`);
  }
}

/** Helm would change one item of a list that is there; written as a value, the list would lose all others. */
function refuseListPositions(document: Document, parameters: readonly HelmParameter[]): void {
  for (const { name } of parameters) {
    const path = parameterPath(name);
    const position = path.findIndex((key) => typeof key === 'number');
    if (position > 0 && isSeq(document.getIn(path.slice(0, position), true))) {
      throw new StepError(`${name} changes an item of a list in helm.values`);
    }
  }
}

function merge(tree: Tree, path: string[], put: (path: string[], value: unknown) => void): void {
  for (const [key, value] of tree) {
    if (value instanceof Map) merge(value as Tree, [...path, key], put);
    else put([...path, key], value);
  }
}

/** A value that is replaced keeps its comments: its number or text is new, its meaning is not. */
function set(document: Document, path: string[], value: unknown): void {
  clearNulls(document, path);
  const known = document.getIn(path, true);
  const node = document.createNode(value);
  if (isScalar(known) && node instanceof Scalar) {
    if (known.comment) node.comment = known.comment;
    if (known.commentBefore) node.commentBefore = known.commentBefore;
  }
  document.setIn(path, node);
}

/** `a:` without a value is no map to set a key in; for helm it is as if it were not there. */
function clearNulls(document: Document, path: readonly string[]): void {
  for (let length = 1; length < path.length; length += 1) {
    const above = document.getIn(path.slice(0, length), true);
    if (isScalar(above) && above.value === null) {
      document.setIn(path.slice(0, length), document.createNode({}));
    }
  }
}

function parsed(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function nest(chart: string, text: string): string {
  // Blank lines at the end may be content of a `|+`; the last line end comes back below.
  const trimmed = text.replace(/^(?:[ \t]*\r?\n)+/, '').replace(/\r?\n$/, '');
  const isNothing = (parsed(trimmed) ?? null) === null;
  if (isNothing) return `${chart}: {}\n`;
  const lines = trimmed.split(/\r?\n/).map((line) => (line === '' ? '' : `  ${line}`));
  return `${chart}:\n${lines.join('\n')}\n`;
}
