/*
 * One script for each transition of a unit of work. `P` is the key prefix (see script.ts). Scripts that return work
 * return three texts for each: the JSON of the work, that of its pull request or '', and that of what it pushed or ''.
 */

/** Seconds for which a key is known after its work is over: far longer than a dispatch is ever repeated. */
const TAKEN_SECONDS = 14 * 24 * 3600;
/** Seconds for which a cancelled run attempt is known. */
const CANCELLED_SECONDS = 90 * 24 * 3600;

const ADD = `
local function add(result, key)
  local values = redis.call('HMGET', P .. 'work:' .. key, 'work', 'pr', 'pushed')
  if values[1] then
    for i = 1, 3 do result[#result + 1] = values[i] or '' end
  end
end
`;

/** Takes a key once, unless its run attempt is cancelled. */
export const ACCEPT = `
local key, work, run, due = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('EXISTS', P .. 'cancelled:' .. run) == 1 then return 0 end
if not redis.call('SET', P .. 'taken:' .. key, '1', 'NX', 'EX', ${String(TAKEN_SECONDS)}) then return 0 end
redis.call('HSET', P .. 'work:' .. key, 'work', work, 'run', run)
redis.call('SADD', P .. 'run:' .. run, key)
redis.call('ZADD', P .. 'due', due, key)
return 1
`;

/** Hands out what is due, and puts it off until the claim ends. */
export const CLAIM = `${ADD}
local keys = redis.call('ZRANGEBYSCORE', P .. 'due', '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
local result = {}
for _, key in ipairs(keys) do
  redis.call('ZADD', P .. 'due', ARGV[2], key)
  add(result, key)
end
return result
`;

/** Moves the end of a claim, unless the work is not to be executed any more. */
export const HOLD = `
if not redis.call('ZSCORE', P .. 'due', ARGV[1]) then return 0 end
redis.call('ZADD', P .. 'due', ARGV[2], ARGV[1])
return 1
`;

/** Notes what is about to be pushed, unless finished or cancelled. */
export const PUSHING = `
local key, pushed = ARGV[1], ARGV[2]
local run = redis.call('HGET', P .. 'work:' .. key, 'run')
if not run or redis.call('EXISTS', P .. 'cancelled:' .. run) == 1 then return 0 end
redis.call('HSET', P .. 'work:' .. key, 'pushed', pushed)
return 1
`;

/** From executing to waiting for a pull request, unless finished; of a cancelled run it waits to be closed. */
export const AWAIT = `
local key, pr, ref = ARGV[1], ARGV[2], ARGV[3]
local run = redis.call('HGET', P .. 'work:' .. key, 'run')
if not run then return 0 end
redis.call('ZREM', P .. 'due', key)
redis.call('HSET', P .. 'work:' .. key, 'pr', pr, 'ref', ref)
redis.call('SADD', P .. 'waiting', key)
redis.call('SET', P .. 'pr:' .. ref, key)
return 1 - redis.call('EXISTS', P .. 'cancelled:' .. run)
`;

/** Not to be claimed again; the record stays until the outcome was accepted. */
export const EXECUTED = `
return redis.call('ZREM', P .. 'due', ARGV[1])
`;

/** Removes every trace but the taken key. */
export const FINISH = `
local key = ARGV[1]
local values = redis.call('HMGET', P .. 'work:' .. key, 'run', 'ref')
redis.call('ZREM', P .. 'due', key)
redis.call('SREM', P .. 'waiting', key)
if values[1] then redis.call('SREM', P .. 'run:' .. values[1], key) end
if values[2] and redis.call('GET', P .. 'pr:' .. values[2]) == key then redis.call('DEL', P .. 'pr:' .. values[2]) end
return redis.call('DEL', P .. 'work:' .. key)
`;

/**
 * Marks a run attempt, takes its work out of what is due, and returns it. What may have pushed and waits for no pull
 * request stays with whoever holds it, and is due at once where nobody does.
 */
export const CANCEL = `${ADD}
local run = ARGV[1]
redis.call('SET', P .. 'cancelled:' .. run, '1', 'EX', ${String(CANCELLED_SECONDS)})
local result = {}
for _, key in ipairs(redis.call('SMEMBERS', P .. 'run:' .. run)) do
  local pushed, pr = unpack(redis.call('HMGET', P .. 'work:' .. key, 'pushed', 'pr'))
  if pushed and not pr then redis.call('ZADD', P .. 'due', 'NX', 0, key) else redis.call('ZREM', P .. 'due', key) end
  add(result, key)
end
return result
`;

/** All work that waits for a pull request. */
export const WAITING = `${ADD}
local result = {}
for _, key in ipairs(redis.call('SMEMBERS', P .. 'waiting')) do add(result, key) end
return result
`;

/** The work that waits for one pull request. */
export const WORK = `${ADD}
local result = {}
local key = redis.call('GET', P .. 'pr:' .. ARGV[1])
if key then add(result, key) end
return result
`;
