import { isDeepStrictEqual } from 'node:util';
import { isMap, parseAllDocuments, type Document } from 'yaml';
import { YamlEditError, type YamlPath } from './locate';
import { tokensOf } from './tokens';

/** @throws YamlEditError when what stands at `[start, end)` has an anchor that is used outside of it */
export function refuseUsedAnchor(text: string, start: number, end: number, path: YamlPath): void {
  const inside = (token: { start: number }): boolean => token.start >= start && token.start < end;
  const tokens = tokensOf(text);
  const anchors = tokens.filter((token) => token.text.startsWith('&') && inside(token));
  for (const { text: anchor } of anchors) {
    const alias = `*${anchor.slice(1)}`;
    if (tokens.some((token) => token.text === alias && !inside(token))) {
      throw new YamlEditError(`${path.join('.')} holds the anchor ${anchor}, which ${alias} uses elsewhere`);
    }
  }
}

/**
 * `after`, when it is valid YAML and says what `before` said everywhere but at `paths` of the edited document.
 * @throws YamlEditError naming the place that would change too
 */
export function proven(
  before: string,
  after: string,
  paths: readonly YamlPath[],
  kind: string | undefined,
): string {
  if (after === before) return after;
  const found = parseAllDocuments(before);
  const left = parseAllDocuments(after);
  const edited = found.findIndex((document) => isEdited(document, kind));
  const rest = (documents: readonly Document[], what: string): unknown[] =>
    documents.map((document, index) => {
      const value = plainValue(document, what);
      return index === edited ? paths.reduce(without, value) : value;
    });
  const was = rest(found, 'not valid YAML');
  const is = rest(left, `changing ${paths[0]?.join('.') ?? ''} would leave invalid YAML`);
  if (isDeepStrictEqual(was, is)) return after;
  const place = difference(was, is).slice(1).join('.');
  throw new YamlEditError(
    `changing ${paths[0]?.join('.') ?? ''} would change ${place === '' ? 'the document' : place} too`,
  );
}

function isEdited({ contents }: Document, kind: string | undefined): boolean {
  return isMap(contents) && (kind === undefined || contents.get('kind') === kind);
}

/** The document as JavaScript, with aliases resolved. @throws YamlEditError that begins with `what` */
function plainValue(document: Document, what: string): unknown {
  const [error] = document.errors;
  if (error) throw new YamlEditError(`${what}: ${error.message.split('\n')[0] ?? error.code}`);
  try {
    return document.toJS();
  } catch (unresolved) {
    throw new YamlEditError(`${what}: ${unresolved instanceof Error ? unresolved.message : 'unreadable'}`);
  }
}

type Mapping = Record<string, unknown>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy without what stands at the path; levels that are, or thereby become, empty go too. */
function without(value: unknown, [key, ...more]: YamlPath): unknown {
  if (key === undefined || !isMapping(value) || !Object.hasOwn(value, key)) return value;
  const inner = more.length === 0 ? undefined : without(value[key], more);
  const gone = inner === undefined || inner === null || (isMapping(inner) && Object.keys(inner).length === 0);
  const rest = Object.entries(value).filter(([name]) => name !== key);
  return Object.fromEntries(gone ? rest : Object.entries(value).map(([n, v]) => [n, n === key ? inner : v]));
}

/** Keys to the first place where two values differ. */
function difference(a: unknown, b: unknown): string[] {
  const both = (isMapping(a) && isMapping(b)) || (Array.isArray(a) && Array.isArray(b));
  if (!both) return [];
  const [was, is] = [a as Mapping, b as Mapping];
  const key = [...Object.keys(was), ...Object.keys(is)].find(
    (name) => !isDeepStrictEqual(was[name], is[name]),
  );
  return key === undefined ? [] : [key, ...difference(was[key], is[key])];
}

/** @throws YamlEditError when a program could not load `text`: invalid YAML, or an alias of nothing */
export function requireLoadable(text: string): void {
  for (const document of parseAllDocuments(text)) plainValue(document, 'not valid YAML');
}
