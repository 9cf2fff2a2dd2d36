-- Tells what is only handed to a candidate's workflow. ARGV: stream length, at, ms, id, attempt, action, author.
-- @include keys
-- @include events
-- @include author
-- @include audit
local ord = known == 1 and find(ID)
if not ord then return { { 'unknown' } } end
audit(ARGV[6], { i = ID, n = ARGV[5] }, ord)
return done('appended')
