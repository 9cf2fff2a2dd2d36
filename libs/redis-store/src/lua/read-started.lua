-- Members of the first running and completed candidates by id. ARGV: limit. The caller merges the two lists.
-- @include keys
if known == 0 then return { {}, {} } end
local last = tonumber(ARGV[1]) - 1
return { call('ZRANGE', BASE .. 'x:s=running', 0, last), call('ZRANGE', BASE .. 'x:s=completed', 0, last) }
