-- Notes that a migrator app cannot be reached: since when, which stays, and why, which is the newest. Where as many are
-- noted as may be, the one that was lost first gives way: an app that was retired while it was down is never found again.
-- KEYS: controls. ARGV: field, at, detail, most fields of that kind.
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if not kept then
  local all = redis.call('HGETALL', KEYS[1])
  local others, first, oldest = 0, nil, nil
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 2) == 'u:' then
      others = others + 1
      -- Of those lost at one time, the first by its name.
      local age = string.match(all[i + 1], '^[^\n]*\n') .. all[i]
      if not first or age < first then first, oldest = age, all[i] end
    end
  end
  if others >= tonumber(ARGV[4]) then redis.call('HDEL', KEYS[1], oldest) end
end
local since = kept and string.match(kept, '^[^\n]*') or ARGV[2]
redis.call('HSET', KEYS[1], ARGV[1], since .. '\n' .. ARGV[3])
return {}
