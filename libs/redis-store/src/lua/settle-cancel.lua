-- running → not_started, with the cancelled attempt and its nonce kept; exactly once per attempt.
-- ARGV: stream length, at, ms, id, attempt, steps ('': those of the view), fallback author, fallback reason,
-- seq of the view that it is conditional on (or ''), facts, author.
-- @include keys
-- @include head
-- @include events
-- @include write
-- @include archive
-- @include views
-- @include author
-- @include audit
-- @include facts
-- @include held
local ord = known == 1 and find(ID)
if not ord then return { { 'closed' } } end
local head = readHead(ord)
local closed = ord .. ':' .. ARGV[5]
if head.s ~= 'running' or head.n ~= tonumber(ARGV[5]) then
  return done(call('HEXISTS', blockOf('o', ord), closed) == 1 and 'applied' or 'closed')
end
if ARGV[9] ~= '' and head.seq ~= tonumber(ARGV[9]) then return { { 'stale' } } end
local reached = ARGV[6]
if reached == '' then reached = '[' .. table.concat(steps(readView(ord) or ''), ',') .. ']' end
local record = { n = head.n, at = head.ca, by = head.cb, r = head.cr, st = head.st, e = AT }
if not head.ca then record.at, record.by, record.r = AT, ARGV[7], ARGV[8] end
archive(ord, record, reached)
call('HSET', blockOf('o', ord), closed, head.nonce)
call('HDEL', blockOf('f', ord), ord)
call('ZREM', PC, ID .. '\0' .. ord)
local after = { status = 'not_started', cancelledBy = head.ca and head.cb or ARGV[7] }
local why
if not head.ca then why = ARGV[8] end
audit('settle_cancel', { i = ID, n = head.n, b = { status = 'running', attempt = head.n }, f = after, r = why }, ord)
countFacts(ARGV[10], head)
tally(dayOf(MS), CANCELLED, 1)
firstAct(ord, head)
letGo(ord, head)
write(ord, standing(head), { s = 'not_started', last = head.last }, false)
return done('applied')
