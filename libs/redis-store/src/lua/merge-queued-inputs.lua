-- Replaces the view of a queued candidate if it is still the one that the merge was made from.
-- ARGV: stream length, at, ms, id, expected view, new view, author.
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
if readView(ord) ~= ARGV[5] then return { { 'changed' } } end
head.u = AT
write(ord, standing(head), head, ARGV[6])
audit('update_inputs', { i = ID }, ord)
return done('merged')
