-- Held runs of a migration that is not paused, by the time since when, or when told last. ARGV: ms to stay below, limit.
-- Replies member, attempt and time of each.
-- @include keys
local found = {}
if known == 0 or call('HEXISTS', M, 'pz') == 1 then return found end
local flat = call('ZRANGEBYSCORE', BASE .. 'hd', '-inf', '(' .. ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
for i = 1, #flat, 2 do
  local ord = string.match(flat[i], '%z(%d+)$')
  local head = cjson.decode(call('HGET', blockOf('r', ord), ord))
  found[#found + 1] = flat[i]
  found[#found + 1] = head.n
  found[#found + 1] = flat[i + 1]
end
return found
