import { parse } from 'yaml';

/** An OpenAPI document as plain JSON; only what the generators touch is typed. */
export interface ContractDocument {
  paths: Record<string, PathItem>;
  [field: string]: unknown;
}

type PathItem = Record<string, unknown>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/**
 * The document in `yaml`.
 * @throws Error when it has no paths; a YAML syntax error as the parser raises it.
 */
export function parseContract(yaml: string): ContractDocument {
  const document: unknown = parse(yaml);
  if (typeof document !== 'object' || document === null || !('paths' in document)) {
    throw new Error('the contract is not an OpenAPI document: it has no paths');
  }
  return document as ContractDocument;
}

/**
 * The document without its event streams: a generated method would wait for the end of an answer that has none.
 * Streams are read with `subscribe` of api-types.
 */
export function withoutStreams(document: ContractDocument): ContractDocument {
  const paths = Object.entries(document.paths).map(
    ([path, item]) => [path, withoutStreamMethods(item)] as const,
  );
  return { ...document, paths: Object.fromEntries(paths) };
}

function withoutStreamMethods(item: PathItem): PathItem {
  return Object.fromEntries(
    Object.entries(item).filter(([key, operation]) => !isMethod(key) || !isStream(operation)),
  );
}

function isMethod(key: string): boolean {
  return (METHODS as readonly string[]).includes(key);
}

/** Event streams are the operations tagged `events`; a test of api-types holds the tag to the media type. */
function isStream(operation: unknown): boolean {
  const tags = (operation as { tags?: string[] }).tags ?? [];
  return tags.includes('events');
}
