-- The head of a candidate's run, without its steps. ARGV: id.
-- @include keys
local ord = known == 1 and find(ARGV[1])
return { ord and call('HGET', blockOf('r', ord), ord) or false }
