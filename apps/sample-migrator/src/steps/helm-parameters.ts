import { isNode, isSeq, type Node } from 'yaml';
import { nodeAt, type YamlSource } from '../yaml/locate';
import type { Comment } from '../yaml/tokens';
import { StepError } from './step';

/** One entry of an Argo CD `helm.parameters` list, with what people wrote about it. */
export interface HelmParameter {
  name: string;
  value: string;
  forceString?: boolean;
  /** Comments with their `#`, on lines of their own and behind the entry's lines. */
  above?: readonly string[];
  behind?: readonly string[];
}

/** What helm makes of parameters: maps by key, lists by position. */
export type Tree = Map<string, unknown>;

/** Names and list positions, from the root of the values to what a parameter sets. */
export type ParameterPath = readonly (string | number)[];

/** Reads a `helm.parameters` list. @throws StepError when it is not one */
export function parametersOf(value: unknown): HelmParameter[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new StepError('helm.parameters is not a list');
  return value.map((entry: unknown) => {
    const { name, value: given, forceString } = (entry ?? {}) as Record<string, unknown>;
    if (typeof name !== 'string' || name === '') throw new StepError('a helm parameter has no name');
    return { name, value: scalarText(name, given ?? ''), forceString: forceString === true };
  });
}

/** Gives each parameter of the list at `path` those of `comments` that stand in and above it in the file. */
export function withComments(
  parameters: readonly HelmParameter[],
  { root }: YamlSource,
  path: readonly string[],
  comments: readonly Comment[],
): HelmParameter[] {
  const list = nodeAt(root, path);
  if (!isSeq(list)) return [...parameters];
  const entries = list.items.map((item) => (isNode(item) ? item.range : undefined));
  const of = (index: number, ownLine: boolean): string[] =>
    comments.flatMap((one) => (one.ownLine === ownLine && entryOf(one, entries) === index ? [one.text] : []));
  return parameters.map((parameter, index) => ({
    ...parameter,
    above: of(index, true),
    behind: of(index, false),
  }));
}

/** The entry that a comment is about: the one it stands in or behind; the next one when it has its own line. */
function entryOf({ start, ownLine }: Comment, entries: readonly Node['range'][]): number {
  return ownLine
    ? entries.findIndex((range) => range && start < range[1])
    : entries.findLastIndex((range) => range && range[0] < start);
}

function scalarText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new StepError(`helm parameter ${name} is not a scalar`);
}

/**
 * What helm would make of the parameters (`--set name=value`): dots nest, `\.` is a dot, `[n]` counts, `{a,b}` is a
 * list, and numbers, booleans and null are such unless forceString says otherwise. Order is kept.
 */
export function valuesFromParameters(parameters: readonly HelmParameter[]): Tree {
  const root: Tree = new Map();
  for (const parameter of parameters)
    place(root, parameterPath(parameter.name), typed(parameter), parameter.name);
  return root;
}

/** Names and list positions of a parameter's name. */
export function parameterPath(name: string): ParameterPath {
  const parts = name.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.'));
  return parts.flatMap((part) => {
    const match = /^(.+?)((?:\[\d+\])+)$/.exec(part);
    if (!match?.[1] || !match[2]) return [part];
    return [match[1], ...[...match[2].matchAll(/\[(\d+)\]/g)].map((index) => Number(index[1]))];
  });
}

function typed({ value, forceString }: HelmParameter): unknown {
  if (forceString === true) return value;
  const list = /^\{(.*)\}$/s.exec(value);
  if (list?.[1] !== undefined)
    return list[1] === '' ? [] : list[1].split(',').map((item) => scalar(item.trim()));
  return scalar(value);
}

function scalar(value: string): unknown {
  if (value === 'true') return true;
  if (value === 'false') return false;
  if (value === 'null') return null;
  // Helm keeps what starts with a zero as text, and anything that is not a 64-bit integer too.
  return /^(?:0|-?[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
}

function place(root: Tree, path: ParameterPath, value: unknown, name: string): void {
  let node: Tree | unknown[] = root;
  path.forEach((key, index) => {
    const next = path[index + 1];
    const known: unknown = Array.isArray(node) ? node[key as number] : node.get(String(key));
    const child = next === undefined ? value : (known ?? (typeof next === 'number' ? [] : new Map()));
    if (next !== undefined && Array.isArray(child) !== (typeof next === 'number')) {
      throw new StepError(`helm parameter ${name} contradicts an earlier one`);
    }
    if (next !== undefined && !Array.isArray(child) && !(child instanceof Map)) {
      throw new StepError(`helm parameter ${name} contradicts an earlier one`);
    }
    if (Array.isArray(node)) node[key as number] = child;
    else node.set(String(key), child);
    node = child as Tree | unknown[];
  });
}
