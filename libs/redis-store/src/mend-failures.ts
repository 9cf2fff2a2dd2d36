import { FAILURES_KEPT } from '@loom/ports';
import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import type { ScriptRunner } from './script-runner';

interface MendDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  keys: Keys;
}

/** A migration with its summary, which tells how many of its step attempts have failed. */
interface Summarised {
  migrationId: string;
  counts: string;
}

/** Takes failures over into the list of all that a process took with it which died before it told of them. */
export async function mendFailures(deps: MendDeps, summaries: readonly Summarised[]): Promise<void> {
  const { redis, keys } = deps;
  const ids = summaries.map(({ migrationId }) => migrationId);
  const taken = await guarded(redis, () => redis.hmget(keys.failureMarks, ...ids));
  for (const [index, { migrationId, counts }] of summaries.entries()) {
    const failed = Number(/\n@(\d+);/.exec(counts)?.[1] ?? 0);
    if (failed !== Number(taken[index] ?? 0)) await takeAll(deps, migrationId, failed);
  }
}

/** Those that are there already stay once; a failure that comes meanwhile makes the next look repeat this. */
async function takeAll(
  { redis, runner, keys }: MendDeps,
  migrationId: string,
  failed: number,
): Promise<void> {
  const [refs, texts] = keys.failures(migrationId);
  const flat = await guarded(redis, () => redis.zrange(refs, `-${FAILURES_KEPT}`, '-1', 'WITHSCORES'));
  const found = flat.flatMap((ref, at) => (at % 2 === 0 ? [{ ref, time: flat[at + 1] ?? '0' }] : []));
  const known =
    found.length === 0 ? [] : await guarded(redis, () => redis.hmget(texts, ...found.map(({ ref }) => ref)));
  const args = found.flatMap(({ ref, time }, at) => {
    const text = known[at];
    return text === undefined || text === null ? [] : [time, ref, text];
  });
  await runner.onKeys('mend-failures', keys.derived, [migrationId, failed, ...args]);
}
