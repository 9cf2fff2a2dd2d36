-- Takes over an announced definition into the list of all, never an older one over a newer one, and its app's URL.
-- An app that announces anew is taken for reachable.
-- KEYS: as of summaries, then ids, definitions, app URLs, controls. ARGV: migration, version, summary, migration as JSON,
-- app, at, URL.
-- @include summaries
local IDS, DEFINITIONS, URLS, CONTROLS = unpack(KEYS, 8)
local id, version = ARGV[1], tonumber(ARGV[2])
local listed = redis.call('HGET', DEFINITIONS, id)
if not listed or tonumber(string.match(listed, '^%d+')) < version then
  redis.call('HSET', DEFINITIONS, id, ARGV[2] .. ' ' .. ARGV[4])
end
takeSummary(id, version, ARGV[3])
redis.call('ZADD', IDS, 0, id)
local told = redis.call('HGET', URLS, ARGV[5])
local before, at = told and tonumber(string.match(told, '^%-?%d+')), tonumber(ARGV[6])
if not before or before <= at then redis.call('HSET', URLS, ARGV[5], ARGV[6] .. ' ' .. ARGV[7]) end
if not before or before < at then redis.call('HDEL', CONTROLS, 'u:' .. ARGV[5]) end
