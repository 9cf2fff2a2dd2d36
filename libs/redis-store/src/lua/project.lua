-- Writes a newer view of a running attempt, never over a newer one.
-- ARGV: stream length, at, ms, id, attempt, seq, current step, attention kind (or ''), attention since (ms), view,
-- current step's name, status, attempt, 1 when a step is dispatched because of it (2: while dispatch of all is paused),
-- its last sign of life (ms), facts.
-- @include keys
-- @include head
-- @include events
-- @include write
-- @include views
-- @include facts
-- @include held
local ord = known == 1 and find(ID)
if not ord then return { { 'closed' } } end
local head = readHead(ord)
if head.s ~= 'running' or head.n ~= tonumber(ARGV[5]) then return { { 'closed' } } end
-- A repeat as well: what was not sent before the cancel must not be sent after it.
local dispatches = ARGV[14] ~= '0'
if head.ca and dispatches then return { { 'cancelled' } } end
if tonumber(ARGV[6]) < head.seq then return { { 'stale' } } end
local waits = dispatches and (ARGV[14] == '2' or call('HEXISTS', M, 'pz') == 1)
local outcome = waits and 'paused' or 'applied'
local newer = tonumber(ARGV[6]) > head.seq
if not newer and (not dispatches or waits == (head.h ~= nil)) then return done(outcome) end
local was = standing(head)
if newer then
  emitSteps(readView(ord), ARGV[10], head.n)
  if head.seq == 0 then firstAct(ord, head) end
  countFacts(ARGV[16], head)
  takeOver(head)
end
-- What is in progress and not dispatched by this view may be held still; anything else is not waiting any more.
if waits then
  hold(ord, head)
elseif dispatches or ARGV[12] ~= 'in_progress' then
  letGo(ord, head)
end
write(ord, was, head, newer and ARGV[10] or nil)
return done(outcome)
