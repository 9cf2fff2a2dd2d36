-- A page of all migrations by id. KEYS: ids, definitions, counts, controls. ARGV: id to go on after (or ''), limit.
-- Replies the pause of all, then id, definition and summary of each.
local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
local ids = redis.call('ZRANGEBYLEX', KEYS[1], from, '+', 'LIMIT', 0, ARGV[2])
local found = { redis.call('HGET', KEYS[4], 'pz') }
for i, id in ipairs(ids) do
  found[3 * i - 1] = id
  found[3 * i] = redis.call('HGET', KEYS[2], id)
  found[3 * i + 1] = redis.call('HGET', KEYS[3], id)
end
return found
