-- Tells counts that a request which never came to its end has kept quiet of. ARGV: stream length, at, ms, ''.
-- @include keys
-- @include events
if known == 1 and call('HEXISTS', M, 'qc') == 1 then tellCounts() end
return done('told')
