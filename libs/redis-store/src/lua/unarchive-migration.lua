-- The migration is no longer archived. ARGV: stream length, at, ms, '', author.
-- @include keys
-- @include events
-- @include author
-- @include audit
-- @include unarchive
if known == 0 then return { { 'unknown' } } end
if unarchive() then emitCounts() end
return done('unarchived')
