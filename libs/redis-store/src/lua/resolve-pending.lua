-- ARGV: id, 1 to resolve it. Replies 1 when it was not known how the newest attempt of that candidate stands.
-- @include keys
local waits = call('ZSCORE', BASE .. 'pend', ARGV[1])
if waits and ARGV[2] == '1' then call('ZREM', BASE .. 'pend', ARGV[1]) end
return { waits and 1 or 0 }
