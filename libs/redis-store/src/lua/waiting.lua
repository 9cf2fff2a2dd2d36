-- Candidates of one migration that need attention, the longest waiting first.
-- ARGV: kind (or 'any'), time (ms) and marker to go on after (or '', ''), limit. Replies members and times, alternately.
-- @include keys
if known == 0 then return {} end
local waiting = ARGV[1] == 'any' and ATT or BASE .. 'at:' .. ARGV[1]
local rank = 0
if ARGV[2] ~= '' and call('EXISTS', waiting) == 1 then
  -- What the cursor names may have changed since; a marker of its sort key finds its place.
  call('ZADD', waiting, ARGV[2], ARGV[3])
  rank = call('ZRANK', waiting, ARGV[3])
  call('ZREM', waiting, ARGV[3])
end
return call('ZRANGE', waiting, rank, rank + ARGV[4] - 1, 'WITHSCORES')
