-- queued (or not_started) → running with the next attempt number, if definition and candidate are still as read.
-- ARGV: stream length, at, ms, id, revision, version, from, nonce, manifest, view, idempotency key, fingerprint,
-- first attempt (or ''), numbers of the steps that have a deadline, each between commas (or ''), 1 while dispatch of all
-- is paused, 1 when as many are running as may be in all migrations together, author.
-- @include keys
-- @include head
-- @include events
-- @include write
-- @include idempotency
-- @include author
-- @include audit
-- @include attempts
local ord = known == 1 and find(ID)
if not ord then return { { 'unknown' } } end
local head = readHead(ord)
local again = recall(ARGV[11], ARGV[12])
if again then
  -- The caller of this repeat counts on the reservation: it may no longer be given back.
  if again[1][1] == 'repeated' and head.ik == ARGV[11] then
    head.rp = 1
    call('HSET', blockOf('r', ord), ord, cjson.encode(head))
  end
  return done(unpack(again[1]))
end
if call('HEXISTS', M, 'ar') == 1 then return { { 'archived' } } end
local queued = head.s == 'queued'
if not queued and not (head.s == 'not_started' and ARGV[7] == 'not_started_or_queued') then return refused(ord) end
if ARGV[15] == '1' or call('HEXISTS', M, 'pz') == 1 then return { { 'paused' } } end

-- The version of a queued candidate covers the inputs that a reservation takes over.
local stored = call('HGET', blockOf('d', ord), ord)
local content = string.sub(stored, string.find(stored, '\n', 1, true) + 1)
local before = queued and readView(ord)
if before then content = content .. '\0' .. before end
if call('HGET', M, 'rev') ~= ARGV[5] or redis.sha1hex(content) ~= ARGV[6] then return { { 'changed' } } end
local busy, limit = unpack(call('HMGET', M, 'n:s=running', 'lim'))
if ARGV[16] == '1' or (limit and tonumber(busy or 0) >= tonumber(limit)) then return { { 'run_limit' } } end

local attempt, why = nextAttempt(head, tonumber(ARGV[13]))
if not attempt then return { { why } } end
call('ZREM', BASE .. 'pend', ID)
local running = { s = 'running', n = attempt, last = attempt, seq = 0, cur = 0, nonce = ARGV[8], st = AT, u = AT }
running.q = head.q
if ARGV[11] ~= '' then running.ik = ARGV[11] end
if ARGV[14] ~= '' then running.dl = ARGV[14] end
if before then
  running.b = 1
  call('HSET', blockOf('v', ord), ord .. ':q', before)
end
call('HSET', blockOf('f', ord), ord, ARGV[9])
call('ZADD', UN, MS, ID .. '\0' .. ord)
write(ord, standing(head), running, ARGV[10])
tally(dayOf(MS), STARTED, 1)
remember(ARGV[11], ARGV[12], attempt, attempt)
local action = ARGV[7] == 'queued' and 'execute' or 'start'
audit(action, { i = ID, n = attempt, b = { status = head.s }, f = { status = 'running', attempt = attempt } }, ord)
return done('reserved', attempt)
