-- Entries of one candidate, newest first, along their chain. ARGV: candidate, id to go on at (or ''), entries wanted,
-- entries to look at, actor, action (or ''), earliest and latest time in ms (or ''). Replies the id to go on at (or ''
-- at the end) and the entries.
-- @include keys
-- @include last
local wanted, steps = tonumber(ARGV[3]), tonumber(ARGV[4])
local actor, action, since, till = ARGV[5], ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8])
local found, at = {}, ARGV[2]
if at == '' then
  local ord = known == 1 and find(ARGV[1])
  at = ord and call('HGET', blockOf('al', ord), ord) or call('HGET', lastOf(ARGV[1]), ARGV[1] .. '\0al') or ''
end
while at ~= '' and steps > 0 and #found < wanted do
  local entry = call('XRANGE', BASE .. 'au', at, at)[1]
  local fields = {}
  for i = 1, entry and #entry[2] or 0, 2 do fields[entry[2][i]] = entry[2][i + 1] end
  local time = tonumber(string.match(at, '^%d+'))
  -- A cursor of somebody's own making may name the entry of another candidate.
  if fields.i ~= ARGV[1] or (since and time < since) then return { '', found } end
  local wants = (actor == '' or fields.w == actor) and (action == '' or fields.a == action)
  if wants and (not till or time <= till) then found[#found + 1] = entry end
  at, steps = fields.p, steps - 1
end
return { at, found }
