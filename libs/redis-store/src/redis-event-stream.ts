import { InvalidRequestError } from '@loom/domain';
import type { EventStream, StreamBatch, StreamScope } from '@loom/ports';
import { decodeEntry } from './event-codec';
import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import { listAt, numberAt, type ScriptRunner } from './script-runner';
import type { StreamWatcher } from './stream-watcher';

const POSITION = /^\d{1,15}-\d{1,15}$/;
const START = '0-0';
/** News may be lost while the subscription is renewed; a reader looks by itself at least so often. */
const LOOK_MS = 2000;

export interface EventStreamDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  keys: Keys;
  watcher: StreamWatcher;
}

/** The streams that scripts append to. Readers may share what they get: it is not to be changed. */
export function createRedisEventStream({ redis, runner, keys, watcher }: EventStreamDeps): EventStream {
  const keyOf = (scope: StreamScope) => (scope === 'all' ? keys.allStream : keys.stream(scope.migrationId));
  const asked = new Map<string, Promise<StreamBatch>>();

  /**
   * An entry wakes all its readers in one turn of the event loop, and most of them ask the same: that is read once. A
   * read that has been sent already is no answer to who asks later, it may have missed the entry that woke him.
   */
  function readNow(scope: StreamScope, after: string, limit: number): Promise<StreamBatch> {
    const question = `${keyOf(scope)} ${after} ${String(limit)}`;
    const known = asked.get(question);
    if (known !== undefined) return known;
    const reading = new Promise(setImmediate).then(() => {
      asked.delete(question);
      return readOnce(scope, after, limit);
    });
    asked.set(question, reading);
    return reading;
  }

  async function readOnce(scope: StreamScope, after: string, limit: number): Promise<StreamBatch> {
    const reply = await runner.onKeys('read-stream', [keyOf(scope)], [after, limit]);
    if (numberAt(reply, 0) === 1) return { entries: [], position: after, gap: true };
    const migrationId = scope === 'all' ? undefined : scope.migrationId;
    const entries = listAt(reply, 1).map((entry) => decodeEntry(entry, migrationId));
    return { entries, position: entries.at(-1)?.position ?? after, gap: false };
  }

  return {
    async position(scope) {
      const newest = await guarded(redis, () => redis.xrevrange(keyOf(scope), '+', '-', 'COUNT', 1));
      return newest[0]?.[0] ?? START;
    },

    async read(scope, after, { limit, waitMs, signal }) {
      if (!POSITION.test(after)) {
        throw new InvalidRequestError('the stream position is malformed', [
          { pointer: 'after', message: 'is not a position of this stream' },
        ]);
      }
      const until = Date.now() + waitMs;
      const isOver = (batch: StreamBatch) =>
        batch.gap || batch.entries.length > 0 || Date.now() >= until || signal.aborted;
      let batch = await readNow(scope, after, limit);
      if (isOver(batch)) return batch;
      const watch = await watcher.watch(keyOf(scope));
      try {
        // Read again: an entry may have come before the subscription was confirmed.
        for (
          batch = await readNow(scope, after, limit);
          !isOver(batch);
          batch = await readNow(scope, after, limit)
        ) {
          await watch.next(Math.min(until - Date.now(), LOOK_MS), signal);
        }
      } finally {
        watch.end();
      }
      return batch;
    },
  };
}
