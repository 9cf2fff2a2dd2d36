-- The workflow's first act: records its execution id. Once something was projected, no other execution may begin.
-- ARGV: stream length, at, ms, id, attempt, execution id.
-- @include keys
-- @include head
-- @include events
-- @include write
local ord = known == 1 and find(ID)
if not ord then return { { 'not_reserved' } } end
local head = readHead(ord)
if head.s ~= 'running' or head.n ~= tonumber(ARGV[5]) then return { { 'not_reserved' } } end
if head.x ~= ARGV[6] then
  if head.seq > 0 then return { { 'not_reserved' } } end
  head.x, head.u = ARGV[6], AT
  firstAct(ord, head)
  write(ord, standing(head), head)
end
return done(head.ca and 'cancelled' or 'proceed')
