-- running → completed with the last view, unless a cancel is recorded. ARGV as of project.
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
if head.n ~= tonumber(ARGV[5]) then return { { 'closed' } } end
if head.s == 'completed' then return done('applied') end
if head.s ~= 'running' then return { { 'closed' } } end
if head.ca then return { { 'cancelled' } } end
if tonumber(ARGV[6]) < head.seq then return { { 'stale' } } end
local was = standing(head)
emitSteps(readView(ord), ARGV[10], head.n)
firstAct(ord, head)
countFacts(ARGV[16], head)
completeRun(head)
takeOver(head)
letGo(ord, head)
head.s, head.c = 'completed', AT
write(ord, was, head, ARGV[10])
return done('applied')
