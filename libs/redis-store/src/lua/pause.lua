-- Pauses dispatch of the migration; the pause that stands, stays. ARGV: stream length, at, ms, '', pause as JSON, ms (or
-- ''): not where a pause has ended since, author.
-- @include keys
-- @include events
-- @include author
-- @include audit
if known == 0 then return { { 'unknown' } } end
if ARGV[6] ~= '' and tonumber(call('HGET', M, 'pe') or -1) >= tonumber(ARGV[6]) then return { { 'ended' } } end
if call('HSETNX', M, 'pz', ARGV[5]) == 1 then
  emitCounts()
  audit('pause', { b = { paused = false }, f = { paused = true } })
end
return done('paused')
