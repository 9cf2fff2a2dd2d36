import { runId } from '@loom/domain';
import type { HeldRun, HeldRuns } from '@loom/ports';
import { memberOf } from './candidate-rows';
import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import { millis } from './records';
import { numberAt, textAt, type ScriptRunner } from './script-runner';

export interface HeldRunsDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  keys: Keys;
}

interface Due {
  run: HeldRun;
  time: number;
}

/** Migrations whose indexes are asked at the same time. */
const AT_ONCE = 200;

/** Held runs, from an index in each migration, as the repair queue's. */
export function createRedisHeldRuns({ redis, runner, keys }: HeldRunsDeps): HeldRuns {
  async function dueIn(migrationId: string, before: string, limit: number): Promise<Due[]> {
    const reply = await runner.onMigration('read-held', migrationId, [millis(before), limit]);
    return Array.from({ length: reply.length / 3 }, (_, index) => {
      const { id: candidateId } = memberOf(textAt(reply, 3 * index));
      const runAttempt = numberAt(reply, 3 * index + 1);
      const time = numberAt(reply, 3 * index + 2);
      return { run: { runId: runId(migrationId, candidateId), migrationId, candidateId, runAttempt }, time };
    });
  }

  return {
    async due(before, limit, migrationId) {
      if ((await guarded(redis, () => redis.hexists(keys.controls, 'pz'))) === 1) return [];
      const ids = migrationId === undefined ? await allIds({ redis, keys }) : [migrationId];
      const due: Due[] = [];
      for (let start = 0; start < ids.length; start += AT_ONCE) {
        const slice = ids.slice(start, start + AT_ONCE);
        due.push(...(await Promise.all(slice.map((id) => dueIn(id, before, limit)))).flat());
      }
      const oldest = due
        .sort((a, b) => a.time - b.time || (a.run.runId < b.run.runId ? -1 : 1))
        .slice(0, limit);
      return oldest.map(({ run }) => run);
    },

    async told(runs, at) {
      const byMigration = new Map<string, HeldRun[]>();
      for (const run of runs)
        byMigration.set(run.migrationId, [...(byMigration.get(run.migrationId) ?? []), run]);
      await Promise.all(
        [...byMigration].map(([id, held]) =>
          runner.onMigration('told-held', id, [millis(at), ...held.map(({ candidateId }) => candidateId)]),
        ),
      );
    },
  };
}

function allIds({ redis, keys }: Pick<HeldRunsDeps, 'redis' | 'keys'>): Promise<string[]> {
  return guarded(redis, () => redis.zrange(keys.allIds, '0', '-1'));
}
