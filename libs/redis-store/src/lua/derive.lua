-- Takes over what migrations' own scripts wrote: counts, never older ones over newer ones, and stream entries.
-- KEYS: counts by migration, stream. ARGV: stream length, number of migrations, then migration, version, counts of
-- each; then of each entry: migration, number of fields, fields. Replies how many counts were new.
local counts, stream = KEYS[1], KEYS[2]
local at, taken = 3, 0
for _ = 1, tonumber(ARGV[2]) do
  local id, version = ARGV[at], tonumber(ARGV[at + 1])
  local before = redis.call('HGET', counts, id)
  if not before or tonumber(string.match(before, '^%d+')) < version then
    redis.call('HSET', counts, id, ARGV[at + 1] .. ' ' .. ARGV[at + 2])
    taken = taken + 1
  end
  at = at + 3
end
local mirrored = false
while at <= #ARGV do
  local last = at + 1 + tonumber(ARGV[at + 1])
  redis.call('XADD', stream, 'MAXLEN', '~', ARGV[1], '*', 'm', ARGV[at], unpack(ARGV, at + 2, last))
  mirrored = true
  at = last + 1
end
if mirrored then redis.call('PUBLISH', stream, '') end
return taken
