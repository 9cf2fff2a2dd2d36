-- The nonce of a current or settled attempt. ARGV: id, attempt.
-- @include keys
-- @include head
local ord = known == 1 and find(ARGV[1])
if not ord then return false end
local head = readHead(ord)
if head.n and head.n > 0 and head.n == tonumber(ARGV[2]) then return head.nonce end
return call('HGET', blockOf('o', ord), ord .. ':' .. ARGV[2])
