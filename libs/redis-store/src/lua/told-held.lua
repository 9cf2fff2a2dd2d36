-- Notes when held runs were told to go on; those that have gone on meanwhile stay out. ARGV: ms, then ids.
-- @include keys
if known == 0 then return {} end
for i = 2, #ARGV do
  local ord = find(ARGV[i])
  if ord then call('ZADD', BASE .. 'hd', 'XX', ARGV[1], ARGV[i] .. '\0' .. ord) end
end
return {}
