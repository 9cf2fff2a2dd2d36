-- Ends the pause of the migration. Held runs stay held until they are told. ARGV: stream length, at, ms, '', author.
-- @include keys
-- @include events
-- @include author
-- @include audit
if known == 0 then return { { 'unknown' } } end
if call('HDEL', M, 'pz') == 1 then
  call('HSET', M, 'pe', MS)
  emitCounts()
  audit('resume', { b = { paused = true }, f = { paused = false } })
end
return done('resumed')
