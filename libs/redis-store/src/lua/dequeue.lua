-- queued → not_started, without a trace. ARGV: stream length, at, ms, id, author.
-- @include keys
-- @include head
-- @include events
-- @include write
-- @include author
-- @include audit
local ord = known == 1 and find(ID)
if not ord then return { { 'unknown' } } end
local head = readHead(ord)
if head.s ~= 'queued' then return refused(ord) end
write(ord, standing(head), { s = 'not_started', last = head.last }, false)
audit('dequeue', { i = ID, b = { status = 'queued' }, f = { status = 'not_started' } }, ord)
return done('dequeued')
