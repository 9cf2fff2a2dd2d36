-- Takes over what migrations' own scripts wrote: counts, never older ones over newer ones, and stream entries.
-- KEYS: counts by migration, stream. ARGV: stream length, then of each change: migration, version, counts, number of
-- entries, and of each entry the number of its fields and those.
local counts, stream = KEYS[1], KEYS[2]
local at, mirrored = 2, false
while at <= #ARGV do
  local id, version, entries = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 3])
  local before = redis.call('HGET', counts, id)
  if not before or tonumber(string.match(before, '^%d+')) < version then
    redis.call('HSET', counts, id, ARGV[at + 1] .. ' ' .. ARGV[at + 2])
  end
  at = at + 4
  for _ = 1, entries do
    local last = at + tonumber(ARGV[at])
    redis.call('XADD', stream, 'MAXLEN', '~', ARGV[1], '*', 'm', id, unpack(ARGV, at + 1, last))
    mirrored = true
    at = last + 1
  end
end
if mirrored then redis.call('PUBLISH', stream, '') end
