-- Takes over all failed step attempts that a migration has kept. KEYS: as of summaries. ARGV: migration, how many have
-- failed, then time, reference and text of each.
-- @include failures
local FAILURES, TEXTS, TAKEN = unpack(KEYS, 4)
for at = 3, #ARGV, 3 do keepFailure(FAILURES, TEXTS, ARGV[at], ARGV[1] .. ' ' .. ARGV[at + 1], ARGV[at + 2]) end
redis.call('HSET', TAKEN, ARGV[1], ARGV[2])
return 1
