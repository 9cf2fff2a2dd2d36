-- completed → not_started. The attempt stays among those that are over, with its nonce; its number stays used.
-- ARGV: stream length, at, ms, id, author.
-- @include keys
-- @include head
-- @include events
-- @include write
-- @include archive
-- @include views
-- @include author
-- @include audit
local ord = known == 1 and find(ID)
if not ord then return { { 'unknown' } } end
local head = readHead(ord)
if head.s ~= 'completed' then return refused(ord) end
local reached = '[' .. table.concat(steps(readView(ord) or ''), ',') .. ']'
archive(ord, { n = head.n, o = 'completed', st = head.st, e = head.c }, reached)
call('HSET', blockOf('o', ord), ord .. ':' .. head.n, head.nonce)
call('HDEL', blockOf('f', ord), ord)
local before = { status = 'completed', attempt = head.n }
audit('reset', { i = ID, n = head.n, b = before, f = { status = 'not_started' } }, ord)
write(ord, standing(head), { s = 'not_started', last = head.last }, false)
return done('reset')
