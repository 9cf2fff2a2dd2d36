-- Audit entries at these positions of a stream, each as XRANGE answers it. KEYS: stream. ARGV: positions.
local found = {}
for i = 1, #ARGV do found[i] = redis.call('XRANGE', KEYS[1], ARGV[i], ARGV[i])[1] or false end
return found
