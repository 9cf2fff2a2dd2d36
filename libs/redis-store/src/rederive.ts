import type { Logger } from '@loom/ports';
import type { AuditDeriver } from './audit-deriver';
import { deriveKeys, type Mutator } from './deriver';
import type { RedisClient } from './guard';
import { guarded } from './guard';
import type { Keys } from './keys';
import { mendFailures } from './mend-failures';
import { deriveDefinition, migrationOf } from './redis-migration-store';
import { endLeases, leaseTime } from './run-places';
import { numberAt, textAt, type Reply, type ScriptRunner } from './script-runner';

export interface RederiveDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  keys: Keys;
  mutator: Mutator;
  audit: Pick<AuditDeriver, 'catchUp'>;
  /** Of the stream of all migrations, in which counts that were mended are told. */
  streamLength: number;
  logger?: Logger | undefined;
}

/** What a migration's own keys say of it. */
interface Summary {
  migrationId: string;
  version: number;
  /** The whole summary; counts come first. */
  counts: string;
  /** Number of the announce of its definition. */
  announced: number;
  /** A submit that did not come to its end has told nobody what it changed. */
  isQuiet: boolean;
}

/** Migrations that are read at the same time. */
const AT_ONCE = 200;

/**
 * Derives what spans migrations once more, from what each of them says: the only cure for what a process took with it
 * that died between its write and the derivation. A few small reads a migration; definitions, which may be large, are
 * read only where the list has an older one. Answers how many migrations the list was behind of.
 */
export function createRederive(deps: RederiveDeps): () => Promise<number> {
  const { redis, keys, audit } = deps;
  return async () => {
    const since = await leaseTime(redis);
    const ids = await guarded(redis, () => redis.zrange(keys.allIds, '0', '-1'));
    let behind = 0;
    const read: string[] = [];
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const summaries = await summariesOf(deps, ids.slice(start, start + AT_ONCE));
      behind += await mend(deps, summaries);
      read.push(...summaries.map(({ migrationId }) => migrationId));
    }
    await endLeases(deps, since, read);
    await audit.catchUp(ids);
    return behind;
  };
}

/** One migration that cannot be read keeps no other from it; where none can be, that is an outage. */
async function summariesOf({ runner, logger }: RederiveDeps, ids: string[]): Promise<Summary[]> {
  const replies = await Promise.allSettled(ids.map((id) => runner.onMigration('read-summary', id, [])));
  const failed = replies.flatMap((reply, at) =>
    reply.status === 'rejected' ? [{ id: ids[at], reason: reply.reason as unknown }] : [],
  );
  const [first] = failed;
  if (first !== undefined) {
    if (failed.length === ids.length) throw first.reason;
    const migrationIds = failed.map(({ id }) => id);
    logger?.error('migrations cannot be read', { migrationIds, error: first.reason });
  }
  return replies.flatMap((reply, at) =>
    reply.status === 'fulfilled' ? summaryIn(ids[at] ?? '', reply.value) : [],
  );
}

/** Nothing for an id that is listed before its announce was made. */
function summaryIn(migrationId: string, reply: Reply[]): Summary[] {
  if (reply.length === 0) return [];
  const [version, announced, isQuiet] = [numberAt(reply, 0), numberAt(reply, 2), numberAt(reply, 3) === 1];
  return [{ migrationId, version, counts: textAt(reply, 1), announced, isQuiet }];
}

async function mend(deps: RederiveDeps, summaries: Summary[]): Promise<number> {
  if (summaries.length === 0) return 0;
  const { runner, keys, streamLength } = deps;
  const announces = summaries.flatMap(({ migrationId, announced }) => [migrationId, announced]);
  const late = (await runner.onKeys('behind', [keys.allDefinitions], announces)).map(String);
  for (const migrationId of late) await mendDefinition(deps, migrationId);
  const counts = summaries.flatMap(({ migrationId, version, counts: text }) => [migrationId, version, text]);
  const args = [streamLength, `${summaries.length}!`, ...counts, 0];
  const taken = numberAt(await runner.onKeys('derive', deriveKeys(keys), args), 0);
  await mendFailures(deps, summaries);
  for (const { migrationId, isQuiet } of summaries)
    if (isQuiet) await deps.mutator.mutate('tell-counts', migrationId, '', ['']);
  return Math.max(taken, late.length);
}

async function mendDefinition(deps: RederiveDeps, migrationId: string): Promise<void> {
  const reply = await deps.runner.onMigration('read-summary', migrationId, ['definition']);
  const migration = migrationOf(textAt(reply, 4), reply.slice(5).map(String), textAt(reply, 1));
  const { lastAnnouncedAt: at } = migration;
  const version = numberAt(reply, 2);
  await deriveDefinition(deps, migration, { version, counts: textAt(reply, 1), at });
}
