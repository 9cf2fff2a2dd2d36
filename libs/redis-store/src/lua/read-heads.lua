-- Heads of runs, without their plans. ARGV: ids. Replies one for each: '' = never left not_started, false = unknown.
-- @include keys
local found = {}
for i = 1, #ARGV do
  local ord = known == 1 and find(ARGV[i])
  found[i] = ord and (call('HGET', blockOf('r', ord), ord) or '') or false
end
return found
