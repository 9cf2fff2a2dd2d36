import { isMap, parseDocument, stringify } from 'yaml';
import { StepError } from './step';

/** One entry of an Argo CD `helm.parameters` list. */
export interface HelmParameter {
  name: string;
  value: string;
  forceString?: boolean;
}

type Tree = Map<string, unknown>;

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

function scalarText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new StepError(`helm parameter ${name} is not a scalar`);
}

/**
 * What helm would make of the parameters (`--set name=value`): dots nest, `\.` is a dot, `[n]` counts, `{a,b}` is a
 * list, and numbers, booleans and null are such unless forceString says otherwise. Order is kept.
 */
function valuesFromParameters(parameters: readonly HelmParameter[]): Tree {
  const root: Tree = new Map();
  for (const parameter of parameters) place(root, segments(parameter.name), typed(parameter), parameter.name);
  return root;
}

/** Names and list positions of a parameter's name. */
function segments(name: string): (string | number)[] {
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

function place(root: Tree, path: readonly (string | number)[], value: unknown, name: string): void {
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

/**
 * Values for the generic chart as a dependency: the same, one level down under its name. The text of `inline` values
 * is kept as it is, comments included; parameters win over it, as they do in Argo CD.
 */
export function dependencyValues(
  chart: string,
  inline: string,
  parameters: readonly HelmParameter[],
): string {
  const document = parseDocument(inline);
  if (document.errors[0]) throw new StepError('helm.values is not valid YAML');
  const fromParameters = valuesFromParameters(parameters);
  if (fromParameters.size === 0) return nest(chart, inline.trimEnd());
  if (!isMap(document.contents)) return nest(chart, stringify(fromParameters, { lineWidth: 0 }).trimEnd());
  merge(fromParameters, [], (path, value) => document.setIn(path, document.createNode(value)));
  return nest(chart, document.toString({ lineWidth: 0 }).trimEnd());
}

function merge(tree: Tree, path: string[], set: (path: string[], value: unknown) => void): void {
  for (const [key, value] of tree) {
    if (value instanceof Map) merge(value as Tree, [...path, key], set);
    else set([...path, key], value);
  }
}

function nest(chart: string, text: string): string {
  if (text === '') return `${chart}: {}\n`;
  const lines = text.split(/\r?\n/).map((line) => (line === '' ? '' : `  ${line}`));
  return `${chart}:\n${lines.join('\n')}\n`;
}
