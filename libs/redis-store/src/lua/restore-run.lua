-- → running, as Temporal proves it, where the store knows no such attempt: it lost it, or was put back to before it.
-- ARGV: as of project, up to 15 (14 is 2: its workflow is held); then nonce, execution id, started at, manifest, steps
-- with a deadline (see reserve), author.
-- @include keys
-- @include head
-- @include events
-- @include write
-- @include views
-- @include held
-- @include author
-- @include audit
-- @include unarchive
local ord = known == 1 and find(ID)
if not ord then return { { 'unknown' } } end
local head = readHead(ord)
local attempt = tonumber(ARGV[5])
if head.s == 'running' and head.n == attempt and head.nonce == ARGV[16] then return done('applied') end
local waits = head.last == attempt and call('ZSCORE', BASE .. 'pend', ID)
if head.last >= attempt and not waits then return { { 'closed' } } end
call('ZREM', BASE .. 'pend', ID)
-- An attempt that the store took for running is over, since a later one was started.
if head.s == 'running' then call('HSET', blockOf('o', ord), ord .. ':' .. head.n, head.nonce) end
call('ZREM', PC, ID .. '\0' .. ord)
firstAct(ord, head)
letGo(ord, head)
local running = { s = 'running', n = attempt, last = attempt, nonce = ARGV[16], x = ARGV[17], st = ARGV[18] }
if ARGV[20] ~= '' then running.dl = ARGV[20] end
takeOver(running)
if ARGV[14] == '2' then hold(ord, running) end
call('HSET', blockOf('f', ord), ord, ARGV[19])
tally(dayOf(millisOf(ARGV[18]) or MS), STARTED, 1)
write(ord, standing(head), running, ARGV[10])
unarchive()
audit('restore', { i = ID, n = attempt, b = { status = head.s }, f = { status = 'running', attempt = attempt } }, ord)
return done('applied')
