-- Pauses dispatch of all migrations, or with '' ends that; the pause that stands, stays. The audit entry is of no migration
-- and stands whole among the references. KEYS: controls, audit of all. ARGV: pause as JSON or '', ms, author.
-- @include author
local pauses = ARGV[1] ~= ''
local changed
if pauses then
  changed = redis.call('HSETNX', KEYS[1], 'pz', ARGV[1])
else
  changed = redis.call('HDEL', KEYS[1], 'pz')
end
if changed == 1 then
  if not pauses then redis.call('HSET', KEYS[1], 'pe', ARGV[2]) end
  local told = { b = { paused = not pauses }, f = { paused = pauses } }
  redis.call('XADD', KEYS[2], '*', unpack(auditFields(pauses and 'pause' or 'resume', told)))
end
return {}
