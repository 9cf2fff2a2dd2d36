-- Puts a candidate of which it is not known how its newest attempt stands behind those that were tried less often.
-- ARGV: id.
-- @include keys
call('ZADD', BASE .. 'pend', 'XX', 'INCR', 2, ARGV[1])
return {}
