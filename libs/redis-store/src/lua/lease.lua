-- Takes a place among the running candidates of all migrations, for one that is about to be reserved. The place is held by
-- a lease until the summary that counts the reservation is taken over, so nothing is left out in between.
-- KEYS: sums over all migrations, controls, leases. ARGV: lease. Replies `unlimited`, `taken` or `full`.
local limit = redis.call('HGET', KEYS[2], 'lim')
if not limit then return { 'unlimited' } end
local running = tonumber(redis.call('HGET', KEYS[1], 'running') or 0)
if running + redis.call('ZCARD', KEYS[3]) >= tonumber(limit) then return { 'full' } end
local now = redis.call('TIME')
redis.call('ZADD', KEYS[3], now[1], ARGV[1])
return { 'taken' }
