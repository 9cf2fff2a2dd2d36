-- Archives the migration, unless something of it is queued or running; what stands, stays.
-- ARGV: stream length, at, ms, '', when and by whom and why as JSON, author.
-- @include keys
-- @include events
-- @include author
-- @include audit
if known == 0 then return { { 'unknown' } } end
if call('HEXISTS', M, 'ar') == 0 then
  local queued, running = unpack(call('HMGET', M, 'n:s=queued', 'n:s=running'))
  if tonumber(queued or 0) + tonumber(running or 0) > 0 then return { { 'in_use' } } end
  call('HSET', M, 'ar', ARGV[5])
  emitCounts()
  audit('archive', { b = { archived = false }, f = { archived = true } })
end
return done('archived')
