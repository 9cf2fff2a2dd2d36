/*
 * One script for each transition of a unit of work. `P` is the key prefix (see script.ts). Scripts that return work
 * return four texts for each: the JSON of the work, that of its pull request or '', that of what it pushed or '', and
 * '1' where that was taken back.
 */

/** Seconds for which a key is known after its work is over: far longer than a dispatch is ever repeated. */
const TAKEN_SECONDS = 14 * 24 * 3600;
/** Seconds for which a cancelled run attempt is known, and what a run attempt pushed that was not merged. */
const KEPT_SECONDS = 90 * 24 * 3600;

const ADD = `
local function add(result, key)
  local values = redis.call('HMGET', P .. 'work:' .. key, 'work', 'pr', 'pushed', 'withdrawn')
  if not values[1] then return false end
  for i = 1, 4 do result[#result + 1] = values[i] or '' end
  return true
end
`;

/** Of a cancelled run, what pushed is to be taken back. */
const TAKES_BACK = `
local function takesBack(key)
  local run, pushed = unpack(redis.call('HMGET', P .. 'work:' .. key, 'run', 'pushed'))
  return run and pushed and redis.call('EXISTS', P .. 'cancelled:' .. run) == 1
end
`;

const RELEASE = `
-- It waits for no pull request any more.
local function release(key)
  redis.call('SREM', P .. 'waiting', key)
  local ref = redis.call('HGET', P .. 'work:' .. key, 'ref')
  if ref and redis.call('GET', P .. 'pr:' .. ref) == key then redis.call('DEL', P .. 'pr:' .. ref) end
end
`;

const FORGET = `${RELEASE}
-- A run attempt of which nothing is at work is kept as long as what it pushed.
local function age(run)
  for _, key in ipairs(redis.call('SMEMBERS', P .. 'run:' .. run)) do
    local there, settled = unpack(redis.call('HMGET', P .. 'work:' .. key, 'run', 'settled'))
    if there and not settled then return end
  end
  redis.call('EXPIRE', P .. 'run:' .. run, ${String(KEPT_SECONDS)})
end
local function forget(key)
  release(key)
  redis.call('ZREM', P .. 'due', key)
  local run = redis.call('HGET', P .. 'work:' .. key, 'run')
  redis.call('DEL', P .. 'work:' .. key)
  if run then
    redis.call('SREM', P .. 'run:' .. run, key)
    age(run)
  end
end
`;

/** Takes a key once, unless its run attempt is cancelled. */
export const ACCEPT = `
local key, work, run, due = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('EXISTS', P .. 'cancelled:' .. run) == 1 then return 0 end
if not redis.call('SET', P .. 'taken:' .. key, '1', 'NX', 'EX', ${String(TAKEN_SECONDS)}) then return 0 end
-- A dispatch that comes after its key was forgotten may meet what it pushed then.
redis.call('HDEL', P .. 'work:' .. key, 'settled')
redis.call('HSET', P .. 'work:' .. key, 'work', work, 'run', run)
redis.call('PERSIST', P .. 'work:' .. key)
redis.call('SADD', P .. 'run:' .. run, key)
redis.call('PERSIST', P .. 'run:' .. run)
redis.call('ZADD', P .. 'due', due, key)
return 1
`;

/** Hands out what is due, and puts it off until the claim ends. */
export const CLAIM = `${ADD}
local keys = redis.call('ZRANGEBYSCORE', P .. 'due', '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
local result = {}
for _, key in ipairs(keys) do
  if add(result, key) then redis.call('ZADD', P .. 'due', ARGV[2], key) else redis.call('ZREM', P .. 'due', key) end
end
return result
`;

/**
 * Moves the end of a claim, unless the work is not to be claimed any more; what was taken back is not looked for sooner.
 * A cancel is known while it is worked on.
 */
export const HOLD = `
local key, till = ARGV[1], ARGV[2]
local due = redis.call('ZSCORE', P .. 'due', key)
if not due then return 0 end
local run, withdrawn = unpack(redis.call('HMGET', P .. 'work:' .. key, 'run', 'withdrawn'))
if not withdrawn or tonumber(till) > tonumber(due) then redis.call('ZADD', P .. 'due', till, key) end
if run then redis.call('EXPIRE', P .. 'cancelled:' .. run, ${String(KEPT_SECONDS)}) end
return 1
`;

/** Notes what is about to be pushed, unless settled, finished or cancelled. */
export const PUSHING = `
local key, pushed = ARGV[1], ARGV[2]
local run, settled = unpack(redis.call('HMGET', P .. 'work:' .. key, 'run', 'settled'))
if not run or settled or redis.call('EXISTS', P .. 'cancelled:' .. run) == 1 then return 0 end
redis.call('HSET', P .. 'work:' .. key, 'pushed', pushed)
return 1
`;

/** From executing to waiting for a pull request; of a cancelled run it is noted, to be taken back. */
export const AWAIT = `${RELEASE}
local key, pr, ref = ARGV[1], ARGV[2], ARGV[3]
local run, settled = unpack(redis.call('HMGET', P .. 'work:' .. key, 'run', 'settled'))
if not run then return 'gone' end
if settled then return 'settled' end
release(key)
redis.call('HSET', P .. 'work:' .. key, 'pr', pr, 'ref', ref)
if redis.call('EXISTS', P .. 'cancelled:' .. run) == 1 then return 'cancelled' end
redis.call('ZREM', P .. 'due', key)
redis.call('SADD', P .. 'waiting', key)
redis.call('SET', P .. 'pr:' .. ref, key)
return 'waiting'
`;

/** Not to be claimed again, but to be taken back; the record stays until the outcome was accepted. */
export const EXECUTED = `${TAKES_BACK}
if takesBack(ARGV[1]) then return 0 end
return redis.call('ZREM', P .. 'due', ARGV[1])
`;

/** Forgets what pushed nothing. What pushed waits for nothing any more; of a cancelled run it stays, to be taken back. */
export const SETTLE = `${FORGET}${TAKES_BACK}
local key = ARGV[1]
local run, pushed = unpack(redis.call('HMGET', P .. 'work:' .. key, 'run', 'pushed'))
if not pushed then return forget(key) end
if takesBack(key) then return end
release(key)
redis.call('ZREM', P .. 'due', key)
redis.call('HDEL', P .. 'work:' .. key, 'pr', 'ref')
redis.call('HSET', P .. 'work:' .. key, 'settled', '1')
redis.call('EXPIRE', P .. 'work:' .. key, ${String(KEPT_SECONDS)})
age(run)
`;

/** Notes that it was taken back; it is claimed once more. */
export const WITHDRAWN = `${RELEASE}
local key = ARGV[1]
if redis.call('EXISTS', P .. 'work:' .. key) == 0 then return end
release(key)
redis.call('HDEL', P .. 'work:' .. key, 'pr', 'ref')
redis.call('HSET', P .. 'work:' .. key, 'withdrawn', '1')
redis.call('ZADD', P .. 'due', ARGV[2], key)
`;

/** Removes every trace but the taken key. */
export const FINISH = `${FORGET}
forget(ARGV[1])
`;

/**
 * Marks a run attempt, and returns its work. It stays with whoever holds it, and is due at the time given where nobody
 * does; what has pushed is kept however long it takes until it is taken back.
 */
export const CANCEL = `${ADD}${RELEASE}
local run, due = ARGV[1], ARGV[2]
redis.call('SET', P .. 'cancelled:' .. run, '1', 'EX', ${String(KEPT_SECONDS)})
redis.call('PERSIST', P .. 'run:' .. run)
local result = {}
for _, key in ipairs(redis.call('SMEMBERS', P .. 'run:' .. run)) do
  release(key)
  redis.call('HDEL', P .. 'work:' .. key, 'settled')
  redis.call('PERSIST', P .. 'work:' .. key)
  if add(result, key) then
    redis.call('ZADD', P .. 'due', 'NX', due, key)
  else
    redis.call('SREM', P .. 'run:' .. run, key)
  end
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
