-- Records a cancel of a running candidate, once, or ends a queued one with a cancelled attempt of the next number.
-- ARGV: stream length, at, ms, id, by, 1 when there is a reason, reason.
-- @include keys
-- @include head
-- @include events
-- @include write
-- @include archive
local ord = known == 1 and find(ID)
if not ord then return { { 'unknown' } } end
local head = readHead(ord)
local reason = ARGV[6] == '1' and ARGV[7] or nil
if head.s == 'queued' then
  local attempt = head.last + 1
  archive(attempt, AT, ARGV[5], reason, '[]')
  write(ord, standing(head), { s = 'not_started', last = attempt }, false)
  return done('ended_queued')
end
if head.s ~= 'running' then return refused(ord) end
if not head.ca then
  head.ca, head.cb, head.cr, head.u = AT, ARGV[5], reason, AT
  call('ZADD', PC, MS, ID .. '\0' .. ord)
  write(ord, standing(head), head)
end
return done('recorded', cjson.encode(head), readView(ord))
