-- Reads candidates whole: stored text, head, view. ARGV: 'id' or 'ord', then which ones.
-- Replies three texts for each, false where there is none.
-- @include keys
local found = {}
if known == 0 then return found end
for i = 2, #ARGV do
  local ord = ARGV[1] == 'ord' and ARGV[i] or find(ARGV[i])
  local at = #found
  if ord then
    found[at + 1] = call('HGET', blockOf('d', ord), ord)
    found[at + 2] = call('HGET', blockOf('r', ord), ord)
    found[at + 3] = call('HGET', blockOf('v', ord), ord)
  else
    found[at + 1], found[at + 2], found[at + 3] = false, false, false
  end
end
return found
