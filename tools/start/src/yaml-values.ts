import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';

/** The parsed text; an object for anything else than a mapping too, so that a wrong file is a finding, not a crash. */
export function mapping(text: string | undefined): Record<string, unknown> {
  const value: unknown = text === undefined ? undefined : parse(text);
  return isMapping(value) ? value : {};
}

/** What stands at `keys`, or undefined. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce((inner, key) => (isMapping(inner) ? inner[key] : undefined), value);
}

/** One finding when `found` is not `wanted`. */
export function unequal(what: string, found: unknown, wanted: unknown): string[] {
  const shown = (value: unknown) => (value === undefined ? 'absent' : JSON.stringify(value));
  return isDeepStrictEqual(found, wanted) ? [] : [`${what} is ${shown(found)}, not ${shown(wanted)}`];
}

/** A copy without what stands at `keys`; levels that are empty then go too. */
export function without(value: unknown, [key = '', ...more]: readonly string[]): unknown {
  if (!isMapping(value) || !(key in value)) return value;
  const inner = more.length === 0 ? undefined : without(value[key], more);
  const rest = Object.entries(value).filter(([name]) => name !== key);
  const gone = inner === undefined || (isMapping(inner) && Object.keys(inner).length === 0);
  return Object.fromEntries(gone ? rest : Object.entries({ ...value, [key]: inner }));
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
