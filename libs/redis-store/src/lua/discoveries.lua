-- Which candidates a discovery submitted: a bitmap each, of the newest ones. `ds` orders them by when they were last
-- heard of, so that one which is under way is not forgotten.
local DISCOVERIES, DISCOVERIES_KEPT = BASE .. 'ds', 8

local function foundBy(discovery)
  return BASE .. 'dm:' .. redis.sha1hex(discovery)
end

local function markFound(discovery, ords)
  if discovery == '' then return end
  if call('ZADD', DISCOVERIES, call('HINCRBY', M, 'dseq', 1), discovery) == 1 then
    for _, old in ipairs(call('ZRANGE', DISCOVERIES, 0, -1 - DISCOVERIES_KEPT)) do
      call('UNLINK', foundBy(old))
      call('ZREM', DISCOVERIES, old)
    end
  end
  if #ords > 0 then setBits(foundBy(discovery), ords, '1') end
end
