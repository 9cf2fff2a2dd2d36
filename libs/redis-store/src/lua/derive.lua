-- Takes over what migrations' own scripts wrote: summaries, failed step attempts, and stream entries; and removes the
-- leases whose reservations these summaries count.
-- KEYS: as of summaries, then stream, leases. ARGV: stream length, number of migrations, then migration, version, summary
-- of each; number of leases, leases; then of each entry: migration, number of fields, fields. Behind the number of
-- migrations a `!`: counts that are new are told in the stream as well, since nobody else will tell them. Replies how many
-- summaries were new.
-- @include summaries
-- @include failures
local stream, leases = KEYS[8], KEYS[9]
local at, taken, mirrored = 3, 0, false
local count, tells = string.match(ARGV[2], '^(%d+)(!?)$')
local function tell(id, ...)
  redis.call('XADD', stream, 'MAXLEN', '~', ARGV[1], '*', 'm', id, ...)
  mirrored = true
end
for _ = 1, tonumber(count) do
  if takeSummary(ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2]) then
    taken = taken + 1
    if tells == '!' then tell(ARGV[at], 't', 'k', 'd', string.match(ARGV[at + 2], '^[^\n]*')) end
  end
  at = at + 3
end
local counted = tonumber(ARGV[at])
for i = at + 1, at + counted do redis.call('ZREM', leases, ARGV[i]) end
at = at + 1 + counted
while at <= #ARGV do
  local id, first, last = ARGV[at], at + 2, at + 1 + tonumber(ARGV[at + 1])
  if ARGV[first + 1] == 'f' then
    local new = keepFailure(FAILURES, TEXTS, ARGV[first + 5], id .. ' ' .. ARGV[first + 3], ARGV[first + 7])
    redis.call('HINCRBY', TAKEN, id, new)
  else
    tell(id, unpack(ARGV, first, last))
  end
  at = last + 1
end
if mirrored then redis.call('PUBLISH', stream, '') end
return taken
