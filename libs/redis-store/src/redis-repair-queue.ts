import { runId } from '@loom/domain';
import type { Logger, PendingCancel, RepairQueue } from '@loom/ports';
import type { AuditDeriver } from './audit-deriver';
import { memberOf } from './candidate-rows';
import type { Mutator } from './deriver';
import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import { decodeRun, millis } from './records';
import { createRederive } from './rederive';
import { manifestsIn } from './redis-run-reader';
import { optionalText, type ScriptRunner } from './script-runner';

export interface RepairQueueDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  keys: Keys;
  mutator: Mutator;
  audit: Pick<AuditDeriver, 'catchUp'>;
  streamLength: number;
  logger?: Logger | undefined;
}

interface Due {
  migrationId: string;
  candidateId: string;
  time: number;
}

/** Migrations whose indexes are asked at the same time. */
const AT_ONCE = 200;

/**
 * What reconciliation looks for, from an index in each migration: one small range a migration and tick. An index that
 * spans migrations could miss what a crash left behind, and that is just what is looked for. Only the list of ids spans
 * them; it misses none, since an announce writes the id before anything else of its migration.
 */
export function createRedisRepairQueue(deps: RepairQueueDeps): RepairQueue {
  const { redis, runner, keys } = deps;

  async function oldest(
    keyOf: (migrationId: string) => string,
    before: string,
    limit: number,
  ): Promise<Due[]> {
    const ids = await guarded(redis, () => redis.zrange(keys.allIds, '0', '-1'));
    const due: Due[] = [];
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const slice = ids.slice(start, start + AT_ONCE);
      const lists = await Promise.all(slice.map((id) => dueIn(id, keyOf(id), before, limit)));
      due.push(...lists.flat());
    }
    return due.sort((a, b) => a.time - b.time || (key(a) < key(b) ? -1 : 1)).slice(0, limit);
  }

  async function dueIn(migrationId: string, index: string, before: string, limit: number): Promise<Due[]> {
    const flat = await guarded(redis, () =>
      redis.zrangebyscore(index, '-inf', `(${millis(before)}`, 'WITHSCORES', 'LIMIT', 0, limit),
    );
    const due: Due[] = [];
    for (let at = 0; at < flat.length; at += 2) {
      const { id } = memberOf(flat[at] ?? '');
      due.push({ migrationId, candidateId: id, time: Number(flat[at + 1]) });
    }
    return due;
  }

  return {
    rederive: createRederive(deps),

    async unstarted(before, limit) {
      const due = await oldest(keys.unstarted, before, limit);
      const manifests = await Promise.all(
        due.map(async ({ migrationId, candidateId }) =>
          manifestsIn(await runner.onMigration('read-manifests', migrationId, [candidateId])),
        ),
      );
      return manifests.flat();
    },

    async pendingCancels(before, limit) {
      const due = await oldest(keys.pendingCancels, before, limit);
      const cancels = await Promise.all(
        due.map(async ({ migrationId, candidateId }): Promise<PendingCancel[]> => {
          // Two hundred views of large plans would be hundreds of megabytes, and nobody needs one here.
          const head = optionalText(await runner.onMigration('read-head', migrationId, [candidateId]), 0);
          const run = decodeRun(migrationId, candidateId, head, undefined);
          if (run?.cancel === undefined) return [];
          const { runId, executionId, attempt: runAttempt } = run;
          const cancel = { runId, migrationId, candidateId, runAttempt, requestedAt: run.cancel.at };
          return [{ ...cancel, ...(executionId === undefined ? {} : { executionId }) }];
        }),
      );
      return cancels.flat();
    },
  };
}

function key({ migrationId, candidateId }: Due): string {
  return runId(migrationId, candidateId);
}
