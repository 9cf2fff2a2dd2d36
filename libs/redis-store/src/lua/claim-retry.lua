-- Remembers the key of a retry, if the step attempt meant is the current step's failed one.
-- ARGV: '', '', '', id, step name, attempt (or ''), idempotency key, fingerprint.
-- @include keys
-- @include head
-- @include idempotency
local ord = known == 1 and find(ARGV[4])
if not ord then return { { 'unknown' } } end
local again = recall(ARGV[7], ARGV[8])
if again then return again end
local head = readHead(ord)
local failed = head.s == 'running' and not head.ca and head.cs == 'failed' and head.cn == ARGV[5]
if not failed or (ARGV[6] ~= '' and tonumber(ARGV[6]) ~= head.ct) then return refused(ord) end
remember(ARGV[7], ARGV[8], head.ct, head.n)
return { { 'claimed', head.ct, head.n } }
