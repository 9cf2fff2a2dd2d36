-- Takes over an announced definition into the list of all, never an older one over a newer one, and its app's URL.
-- KEYS: ids, definitions, counts, app URLs. ARGV: migration, version, counts, migration as JSON, app, at, URL.
local id, version = ARGV[1], tonumber(ARGV[2])
local function isNewer(key)
  local before = redis.call('HGET', key, id)
  return not before or tonumber(string.match(before, '^%d+')) < version
end
if isNewer(KEYS[2]) then redis.call('HSET', KEYS[2], id, ARGV[2] .. ' ' .. ARGV[4]) end
if isNewer(KEYS[3]) then redis.call('HSET', KEYS[3], id, ARGV[2] .. ' ' .. ARGV[3]) end
redis.call('ZADD', KEYS[1], 0, id)
local told = redis.call('HGET', KEYS[4], ARGV[5])
if not told or tonumber(string.match(told, '^%-?%d+')) <= tonumber(ARGV[6]) then
  redis.call('HSET', KEYS[4], ARGV[5], ARGV[6] .. ' ' .. ARGV[7])
end
