import type { Pause, Unreachable } from '@loom/domain';
import { decodePause } from './records';

/** What is kept of all migrations together, in one hash, so that whatever shows a migration reads it with one command. */
export interface FleetState {
  pause: Pause | undefined;
  /** By migrator app. */
  unreachable: ReadonlyMap<string, Unreachable>;
}

export const NOTHING_KNOWN: FleetState = { pause: undefined, unreachable: new Map() };

/** The field of an app that cannot be reached; lua/note-unreachable.lua writes it. */
export function unreachableField(migratorApp: string): string {
  return UNREACHABLE + migratorApp;
}

const UNREACHABLE = 'u:';

/** The whole hash: fields and values, alternately. */
export function decodeFleet(flat: readonly string[]): FleetState {
  const unreachable = new Map<string, Unreachable>();
  let pause: Pause | undefined;
  for (let index = 0; index < flat.length; index += 2) {
    const [field = '', value = ''] = flat.slice(index, index + 2);
    if (field === 'pz') pause = decodePause(value);
    const known = field.startsWith(UNREACHABLE) ? decodeUnreachable(value) : undefined;
    if (known !== undefined) unreachable.set(field.slice(UNREACHABLE.length), known);
  }
  return { pause, unreachable };
}

export function decodeUnreachable(value: string | null): Unreachable | undefined {
  if (value === null) return undefined;
  const line = value.indexOf('\n');
  return { since: value.slice(0, line), detail: value.slice(line + 1) };
}
