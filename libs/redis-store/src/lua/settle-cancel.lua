-- running → not_started, with the cancelled attempt and its nonce kept; exactly once per attempt.
-- ARGV: stream length, at, ms, id, attempt, steps ('': those of the view), fallback author, fallback reason,
-- seq of the view that it is conditional on (or '').
-- @include keys
-- @include head
-- @include events
-- @include write
-- @include archive
-- @include views
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
if head.ca then
  archive(head.n, head.ca, head.cb, head.cr, reached)
else
  archive(head.n, AT, ARGV[7], ARGV[8], reached)
end
call('HSET', blockOf('o', ord), closed, head.nonce)
call('HDEL', blockOf('f', ord), ord)
call('ZREM', PC, ID .. '\0' .. ord)
firstAct(ord, head)
write(ord, standing(head), { s = 'not_started', last = head.last }, false)
return done('applied')
