-- Writes a newer view of a running attempt, never over a newer one.
-- ARGV: stream length, at, ms, id, attempt, seq, current step, attention kind (or ''), attention since (ms), view,
-- current step's name, status, attempt, 1 when a step is dispatched because of it, its last sign of life (ms), facts.
-- @include keys
-- @include head
-- @include events
-- @include write
-- @include views
-- @include facts
local ord = known == 1 and find(ID)
if not ord then return { { 'closed' } } end
local head = readHead(ord)
if head.s ~= 'running' or head.n ~= tonumber(ARGV[5]) then return { { 'closed' } } end
-- A repeat as well: what was not sent before the cancel must not be sent after it.
if head.ca and ARGV[14] == '1' then return { { 'cancelled' } } end
if tonumber(ARGV[6]) < head.seq then return { { 'stale' } } end
if tonumber(ARGV[6]) == head.seq then return done('applied') end
local was = standing(head)
emitSteps(readView(ord), ARGV[10], head.n)
if head.seq == 0 then firstAct(ord, head) end
countFacts(ARGV[16], head)
takeOver(head)
write(ord, was, head, ARGV[10])
return done('applied')
