-- Reads the manifests of running and completed candidates. ARGV: ids. Replies head and manifest of each.
-- @include keys
local found = {}
if known == 0 then return found end
for i = 1, #ARGV do
  local ord = find(ARGV[i])
  found[2 * i - 1] = ord and call('HGET', blockOf('r', ord), ord) or false
  found[2 * i] = ord and call('HGET', blockOf('f', ord), ord) or false
end
return found
