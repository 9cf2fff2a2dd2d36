-- Undoes a reservation of exactly this attempt while no first act and no cancel is recorded and no repeat was answered
-- from it; the number stays used.
-- ARGV: stream length, at, ms, id, attempt, author.
-- @include keys
-- @include head
-- @include events
-- @include write
-- @include author
-- @include audit
local ord = known == 1 and find(ID)
if not ord then return { { 'nothing' } } end
local head = readHead(ord)
local reserved = head.s == 'running' and head.n == tonumber(ARGV[5]) and head.seq == 0
if not reserved or head.x or head.ca or head.rp then return { { 'nothing' } } end
local restored, view = { s = 'not_started', last = head.last }, false
if head.b then
  restored = { s = 'queued', n = 0, last = head.last, seq = 0, cur = 0, nonce = '', q = head.q, u = AT }
  view = call('HGET', blockOf('v', ord), ord .. ':q')
end
if head.ik then call('DEL', BASE .. 'i:' .. head.ik) end
call('HDEL', blockOf('f', ord), ord)
firstAct(ord, head)
write(ord, standing(head), restored, view)
local before = { status = 'running', attempt = head.n }
audit('give_back', { i = ID, n = head.n, b = before, f = { status = restored.s } }, ord)
tally(dayOf(millisOf(head.st) or MS), STARTED, -1)
return done('given_back')
