-- not_started → queued. ARGV: stream length, at, ms, id, view, idempotency key, fingerprint, author.
-- @include keys
-- @include head
-- @include events
-- @include write
-- @include idempotency
-- @include author
-- @include audit
local ord = known == 1 and find(ID)
if not ord then return { { 'unknown' } } end
local again = recall(ARGV[6], ARGV[7])
if again then return done(unpack(again[1])) end
if call('HEXISTS', M, 'ar') == 1 then return { { 'archived' } } end
local head = readHead(ord)
if head.s ~= 'not_started' then return refused(ord) end
local queued = { s = 'queued', n = 0, last = head.last, seq = 0, cur = 0, nonce = '', q = AT, u = AT }
write(ord, standing(head), queued, ARGV[5])
remember(ARGV[6], ARGV[7], 0, 0)
audit('queue', { i = ID, b = { status = 'not_started' }, f = { status = 'queued' } }, ord)
return done('queued')
