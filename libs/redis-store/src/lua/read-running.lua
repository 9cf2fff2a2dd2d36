-- Running candidates by id. ARGV: id to go on after (or ''), limit. Replies id and head of each.
-- @include keys
local found = {}
if known == 0 then return found end
local from = ARGV[1] == '' and '-' or '(' .. ARGV[1] .. '\1'
local members = call('ZRANGEBYLEX', BASE .. 'x:s=running', from, '+', 'LIMIT', 0, ARGV[2])
for i, member in ipairs(members) do
  local nul = string.find(member, '\0', 1, true)
  local ord = string.sub(member, nul + 1)
  found[2 * i - 1] = string.sub(member, 1, nul - 1)
  found[2 * i] = call('HGET', blockOf('r', ord), ord)
end
return found
