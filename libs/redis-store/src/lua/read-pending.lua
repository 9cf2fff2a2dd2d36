-- Candidates of which it is not known how their newest attempt stands. ARGV: limit. Replies how many there are, and ids
-- with their turns, alternately.
-- @include keys
return { call('ZCARD', BASE .. 'pend'), call('ZRANGE', BASE .. 'pend', 0, tonumber(ARGV[1]) - 1, 'WITHSCORES') }
