-- Heads of runs, without their plans. ARGV: ids. Replies for each its head ('' = never left not_started, false =
-- unknown), and 1 while it is not known how its newest attempt stands.
-- @include keys
local found = {}
for i = 1, #ARGV do
  local ord = known == 1 and find(ARGV[i])
  found[2 * i - 1] = ord and (call('HGET', blockOf('r', ord), ord) or '') or false
  found[2 * i] = call('ZSCORE', BASE .. 'pend', ARGV[i]) and 1 or 0
end
return found
