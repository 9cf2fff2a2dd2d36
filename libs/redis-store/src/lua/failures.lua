-- Step attempts that failed, the newest thousand: references by time, and what is told of each. Replies 1 when it is new.
local FAILURES_KEPT = 1000

local function keepFailure(refs, texts, time, ref, text)
  if redis.call('HEXISTS', texts, ref) == 1 then return 0 end
  redis.call('ZADD', refs, time, ref)
  redis.call('HSET', texts, ref, text)
  local beyond = redis.call('ZCARD', refs) - FAILURES_KEPT
  if beyond > 0 then
    local old = redis.call('ZRANGE', refs, 0, beyond - 1)
    redis.call('ZREM', refs, unpack(old))
    redis.call('HDEL', texts, unpack(old))
  end
  return 1
end
