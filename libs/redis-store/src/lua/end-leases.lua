-- Removes leases that are older than their reservation can be under way, of migrations whose summaries have been taken over
-- since then. KEYS: leases. ARGV: seconds since which the summaries were read, grace, then migrations. Replies how many.
local isRead = {}
for i = 3, #ARGV do isRead[ARGV[i]] = true end
local ended = 0
for _, lease in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', tonumber(ARGV[1]) - tonumber(ARGV[2]))) do
  if isRead[string.match(lease, '^[^ ]+')] then ended = ended + redis.call('ZREM', KEYS[1], lease) end
end
return { ended }
