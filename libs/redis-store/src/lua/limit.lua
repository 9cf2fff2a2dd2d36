-- Sets how many candidates of the migration may be running. ARGV: stream length, at, ms, '', number or '' for any, author.
-- @include keys
-- @include events
-- @include author
-- @include audit
if known == 0 then return { { 'unknown' } } end
local before = call('HGET', M, 'lim') or ''
if before ~= ARGV[5] then
  if ARGV[5] == '' then call('HDEL', M, 'lim') else call('HSET', M, 'lim', ARGV[5]) end
  emitCounts()
  audit('limit', { b = { maxRunning = tonumber(before) }, f = { maxRunning = tonumber(ARGV[5]) } })
end
return done('limited')
