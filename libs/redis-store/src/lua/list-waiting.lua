-- Migrations in which somebody is waited for, with their counts as they were derived last. KEYS: counts by migration.
local flat, found = redis.call('HGETALL', KEYS[1]), {}
for i = 1, #flat, 2 do
  local counts = string.match(flat[i + 1], '^%d+ ([%d,]*)')
  local attention = counts and string.match(counts, '^%d+,%d+,%d+,%d+,(%d+)')
  if attention and attention ~= '0' then
    found[#found + 1] = flat[i]
    found[#found + 1] = counts
  end
end
return found
