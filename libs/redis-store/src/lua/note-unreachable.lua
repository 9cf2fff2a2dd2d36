-- Notes that a migrator app cannot be reached: since when, which stays, and why, which is the newest.
-- KEYS: controls. ARGV: field, at, detail, most fields of that kind.
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if not kept then
  local others = 0
  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    if string.sub(field, 1, 2) == 'u:' then others = others + 1 end
  end
  if others >= tonumber(ARGV[4]) then return {} end
end
local since = kept and string.match(kept, '^[^\n]*') or ARGV[2]
redis.call('HSET', KEYS[1], ARGV[1], since .. '\n' .. ARGV[3])
return {}
