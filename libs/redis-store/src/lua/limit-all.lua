-- Sets how many candidates of all migrations may be running, with its audit entry, which is of no migration.
-- KEYS: controls, audit of all. ARGV: number or '' for any, author.
-- @include author
local before = redis.call('HGET', KEYS[1], 'lim') or ''
if before ~= ARGV[1] then
  if ARGV[1] == '' then redis.call('HDEL', KEYS[1], 'lim') else redis.call('HSET', KEYS[1], 'lim', ARGV[1]) end
  local told = { b = { maxRunning = tonumber(before) }, f = { maxRunning = tonumber(ARGV[1]) } }
  redis.call('XADD', KEYS[2], '*', unpack(auditFields('limit', told)))
end
return {}
