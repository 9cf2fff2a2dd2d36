import type { Redis } from 'ioredis';
import type { Outbox, OutboxMessage } from '../ports';
import { answered, defineScript, texts } from './script';

/** Appends to the work's lane; the lane becomes due if it was empty. */
const PUT = `
local id, lane, message, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('HSETNX', P .. 'outbox:messages', id, message) == 0 then return 0 end
redis.call('RPUSH', P .. 'outbox:lane:' .. lane, id)
redis.call('ZADD', P .. 'outbox:due', 'NX', now, lane)
return 1
`;

/** Hands out the head of each lane that is due, and puts the lane off until the claim ends. */
const CLAIM = `
local result = {}
for _, lane in ipairs(redis.call('ZRANGEBYSCORE', P .. 'outbox:due', '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  redis.call('ZADD', P .. 'outbox:due', ARGV[2], lane)
  local id = redis.call('LINDEX', P .. 'outbox:lane:' .. lane, 0)
  if id then
    result[#result + 1] = redis.call('HGET', P .. 'outbox:messages', id)
    result[#result + 1] = redis.call('HGET', P .. 'outbox:attempts', id) or '0'
  end
end
return result
`;

/** Counts a delivery that failed; the lane waits, so that nothing overtakes its head. */
const DEFER = `
local id, lane, at = ARGV[1], ARGV[2], ARGV[3]
if redis.call('HEXISTS', P .. 'outbox:messages', id) == 0 then return 0 end
redis.call('HINCRBY', P .. 'outbox:attempts', id, 1)
redis.call('ZADD', P .. 'outbox:due', 'XX', at, lane)
return 1
`;

/** Removes the head; the next message of the lane is due, or the lane ends. */
const SETTLE = `
local id, lane, now = ARGV[1], ARGV[2], ARGV[3]
if redis.call('LINDEX', P .. 'outbox:lane:' .. lane, 0) ~= id then return 0 end
redis.call('LPOP', P .. 'outbox:lane:' .. lane)
redis.call('HDEL', P .. 'outbox:messages', id)
redis.call('HDEL', P .. 'outbox:attempts', id)
if redis.call('LLEN', P .. 'outbox:lane:' .. lane) == 0 then
  redis.call('ZREM', P .. 'outbox:due', lane)
else
  redis.call('ZADD', P .. 'outbox:due', now, lane)
end
return 1
`;

/**
 * Outbox on Redis: one lane (list of ids) for each unit of work, `outbox:due` (sorted set of lanes), and the messages
 * with their attempts in hashes.
 */
export function createRedisOutbox(redis: Redis, prefix: string): Outbox {
  const put = defineScript(redis, prefix, 'outbox-put', PUT);
  const claim = defineScript(redis, prefix, 'outbox-claim', CLAIM);
  const defer = defineScript(redis, prefix, 'outbox-defer', DEFER);
  const settle = defineScript(redis, prefix, 'outbox-settle', SETTLE);
  return {
    put: async (message, now) => {
      await put(message.id, message.workKey, JSON.stringify({ ...message, putAt: now }), now);
    },
    claim: async (now, until, limit) => {
      const items = texts(await claim(now, until, limit));
      const messages: OutboxMessage[] = [];
      for (let index = 0; index + 1 < items.length; index += 2) {
        const message = JSON.parse(items[index] ?? '') as Omit<OutboxMessage, 'attempts'>;
        messages.push({ ...message, attempts: Number(items[index + 1]) });
      }
      return messages;
    },
    defer: async ({ id, workKey }, at) => {
      await defer(id, workKey, at);
    },
    settle: async ({ id, workKey }, now) => {
      await settle(id, workKey, now);
    },
    size: () => answered(() => redis.hlen(`${prefix}outbox:messages`)),
  };
}
