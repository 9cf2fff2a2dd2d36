-- Replaces the mark by which first attempts are numbered, if it is still the one expected.
-- ARGV: expected, new ('' of either: none), author. A new number is a person's, and audited.
-- Replies 1 when it was replaced, and 1 when that was audited.
-- @include keys
-- @include author
local audited = 0
-- @include audit
if known == 0 or (call('HGET', M, 'fa') or '') ~= ARGV[1] then return { 0, 0 } end
if ARGV[2] == '' then call('HDEL', M, 'fa') else call('HSET', M, 'fa', ARGV[2]) end
local first = tonumber(ARGV[2])
if first then audit('accept_attempts', { f = { firstAttempt = first } }) end
return { 1, audited }
