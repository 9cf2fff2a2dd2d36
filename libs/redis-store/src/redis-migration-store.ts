import {
  MigrationNotFoundError,
  type AuditContext,
  type Migration,
  type MigrationDefinition,
} from '@loom/domain';
import {
  archivedBy,
  decodeCursor,
  encodeCursor,
  pausedOf,
  storedDefinition,
  type CursorScope,
  type MigrationStore,
} from '@loom/ports';
import { authorArg } from './audit-codec';
import type { AuditDeriver } from './audit-deriver';
import type { Mutator } from './deriver';
import { decodeFleet, NOTHING_KNOWN, type FleetState } from './fleet-state';
import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import { decodeSummary, millis, type Summary } from './records';
import { settleMigration } from './redis-store-recovery';
import { numberAt, optionalText, textAt, textsAt, type Reply, type ScriptRunner } from './script-runner';

/** Cursors of the one list mean nothing in the other. */
const LIST: CursorScope = { list: 'migrations', of: {}, key: ['text'] };
const ARCHIVED: CursorScope = { ...LIST, of: { archived: true } };
const FIELDS = ['d', 'rev', 'ca', 'ua', 'la'];
const STATUSES = ['n:s=not_started', 'n:s=queued', 'n:s=running', 'n:s=completed'];
const COUNTS = [...STATUSES, 'n:a=any', 'n:a=step_failed', 'n:a=awaiting_review', 'n:a=stale'];

/** What is set for it, in the order of lua/keys.lua. */
const SET = ['pz', 'ar', 'lim'];

export interface MigrationStoreDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  keys: Keys;
  audit: Pick<AuditDeriver, 'note'>;
  mutator: Mutator;
}

/** Definitions in Redis: each under its own tag, and all of them once more, derived, to be listed in one trip. */
export function createRedisMigrationStore({
  redis,
  runner,
  keys,
  audit,
  mutator,
}: MigrationStoreDeps): MigrationStore {
  const fleetState = async () => {
    const hash = await guarded(redis, () => redis.hgetall(keys.controls));
    return decodeFleet(Object.entries(hash).flat());
  };
  return {
    async announce(announced: MigrationDefinition, at: string, by?: AuditContext) {
      const definition = storedDefinition(announced);
      const text = JSON.stringify(definition);
      // Before there is a migration: one that a crash here left out of this list would never be reconciled.
      const [isListed] = await guarded(redis, () =>
        Promise.all([
          // What is derived must not keep a migration from being announced.
          redis.hexists(keys.allDefinitions, definition.id).catch(() => 0),
          redis.zadd(keys.allIds, 0, definition.id),
        ]),
      );
      const reply = await runner.onMigration('announce', definition.id, [at, text, isListed, authorArg(by)]);
      if (numberAt(reply, 2) === 1) audit.note(definition.id);
      if (optionalText(reply, 7) === '-') await settleMigration({ redis, runner, keys }, definition.id);
      const counts = textAt(reply, 1);
      const kept = reply.slice(3, 7).map(String);
      const told = { version: numberAt(reply, 0), counts, at };
      await deriveDefinition({ runner, keys }, migrationOf(text, kept, counts), told);
      return migrationOf(text, kept, counts, await fleetState());
    },

    async get(migrationId) {
      const [key = ''] = keys.ofMigration(migrationId);
      const [[text, ...rest], fleet] = await Promise.all([
        guarded(redis, () => redis.hmget(key, ...FIELDS, ...COUNTS, ...SET)),
        fleetState(),
      ]);
      if (text === undefined || text === null) return undefined;
      const values = rest.slice(0, -SET.length).map((value) => value ?? '0');
      const set = rest.slice(-SET.length).map((value) => value ?? '');
      const summary = [values.slice(4).join(','), '', ...set].join('\n');
      return migrationOf(text, values.slice(0, 4), summary, fleet);
    },

    async list({ limit, cursor, archived = false }) {
      const list = archived ? ARCHIVED : LIST;
      const after = String(decodeCursor(list, cursor)?.[0] ?? '');
      const { allIds, allDefinitions, allCounts, controls, archivedIds } = keys;
      const names = [allIds, allDefinitions, allCounts, controls, archivedIds];
      const reply = await runner.onKeys('list-migrations', names, [after, limit, archived ? 1 : 0]);
      const rows = listed(reply.slice(2), decodeFleet(textsAt(reply, 0)));
      const next = textAt(reply, 1);
      return next === '' ? { rows } : { rows, nextCursor: encodeCursor(list, [next]) };
    },

    async archive(migrationId, at, by) {
      const args = ['', JSON.stringify(archivedBy(at, by))];
      const [outcome] = await mutator.mutate('archive-migration', migrationId, at, args, authorArg(by));
      if (outcome === 'unknown') throw new MigrationNotFoundError(migrationId);
      return outcome === 'in_use' ? 'in_use' : 'archived';
    },

    async unarchive(migrationId, at, by) {
      const [outcome] = await mutator.mutate('unarchive-migration', migrationId, at, [''], authorArg(by));
      if (outcome === 'unknown') throw new MigrationNotFoundError(migrationId);
    },

    async migratorUrl(migratorApp) {
      const told = await guarded(redis, () => redis.hget(keys.migratorUrls, migratorApp));
      return told === null ? undefined : told.slice(told.indexOf(' ') + 1);
    },
  };
}

/** Tells the list of all migrations of an announced one, as its own scripts numbered it. An older one changes nothing. */
export async function deriveDefinition(
  { runner, keys }: Pick<MigrationStoreDeps, 'runner' | 'keys'>,
  migration: Migration,
  { version, counts, at }: { version: number; counts: string; at: string },
): Promise<void> {
  const { derived, allIds, allDefinitions, migratorUrls, controls } = keys;
  const names = [...derived, allIds, allDefinitions, migratorUrls, controls];
  const { id, migratorApp, migratorUrl } = migration;
  const unset = { counts: undefined, limits: undefined, archived: undefined, paused: undefined };
  const text = JSON.stringify({ ...migration, ...unset });
  const args = [id, version, counts, text, migratorApp, millis(at), migratorUrl];
  await runner.onKeys('derive-definition', names, args);
}

/** `kept`: revision, and the times of creation, change and announce. */
export function migrationOf(
  text: string,
  kept: string[],
  summary: string,
  fleet: FleetState = NOTHING_KNOWN,
): Migration {
  const [revision, createdAt = '', updatedAt = '', lastAnnouncedAt = ''] = kept;
  const { counts, ...set } = decodeSummary(summary);
  const definition = JSON.parse(text) as MigrationDefinition;
  return {
    ...definition,
    revision: Number(revision),
    createdAt,
    updatedAt,
    lastAnnouncedAt,
    counts,
    ...shown(set, fleet, definition),
  };
}

function listed(reply: Reply[], fleet: FleetState): Migration[] {
  const rows: Migration[] = [];
  for (let index = 0; index < reply.length; index += 3) {
    const definition = versioned(optionalText(reply, index + 1));
    if (definition === undefined) continue;
    const { counts, ...set } = decodeSummary(versioned(optionalText(reply, index + 2)) ?? '');
    const kept = JSON.parse(definition) as Omit<Migration, 'counts' | keyof ReturnType<typeof shown>>;
    rows.push({ ...kept, counts, ...shown(set, fleet, kept) });
  }
  return rows;
}

/** What is set for a migration, and what is known of its app. */
function shown(
  { pause, archived, maxRunning }: Omit<Summary, 'counts'>,
  fleet: FleetState,
  { migratorApp }: Pick<MigrationDefinition, 'migratorApp'>,
) {
  const migratorUnreachable = fleet.unreachable.get(migratorApp);
  return {
    ...(maxRunning === undefined ? {} : { limits: { maxRunning } }),
    ...(migratorUnreachable === undefined ? {} : { migratorUnreachable }),
    ...(archived === undefined ? {} : { archived }),
    ...pausedOf(pause, fleet.pause),
  };
}

/** What stands behind the version number. */
function versioned(text: string | undefined): string | undefined {
  return text?.slice(text.indexOf(' ') + 1);
}
