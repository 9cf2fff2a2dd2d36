-- Records a cancel of a running candidate, once, or ends a queued one with a cancelled attempt of the next number.
-- ARGV: stream length, at, ms, id, by, 1 when there is a reason, reason, author.
-- @include keys
-- @include head
-- @include events
-- @include write
-- @include archive
-- @include author
-- @include audit
-- @include attempts
local ord = known == 1 and find(ID)
if not ord then return { { 'unknown' } } end
local head = readHead(ord)
local reason = ARGV[6] == '1' and ARGV[7] or nil
if head.s == 'queued' then
  local attempt, why = nextAttempt(head)
  if not attempt then return { { why } } end
  archive(ord, { n = attempt, at = AT, by = ARGV[5], r = reason, e = AT }, '[]')
  write(ord, standing(head), { s = 'not_started', last = attempt }, false)
  local after = { status = 'not_started', attempt = attempt }
  audit('cancel', { i = ID, n = attempt, b = { status = 'queued' }, f = after }, ord)
  return done('ended_queued')
end
if head.s ~= 'running' then return refused(ord) end
if not head.ca then
  head.ca, head.cb, head.cr, head.u = AT, ARGV[5], reason, AT
  call('ZADD', PC, MS, ID .. '\0' .. ord)
  write(ord, standing(head), head)
  local before = { status = 'running', attempt = head.n }
  local after = { status = 'running', attempt = head.n, cancelRequested = true }
  audit('cancel', { i = ID, n = head.n, b = before, f = after }, ord)
end
return done('recorded', cjson.encode(head), readView(ord))
