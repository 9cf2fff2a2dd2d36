-- queued → not_started, without a trace. ARGV: stream length, at, ms, id.
-- @include keys
-- @include head
-- @include events
-- @include write
local ord = known == 1 and find(ID)
if not ord then return { { 'unknown' } } end
local head = readHead(ord)
if head.s ~= 'queued' then return refused(ord) end
write(ord, standing(head), { s = 'not_started', last = head.last }, false)
return done('dequeued')
