-- Removes those of the named candidates that are not_started. ARGV: stream length, at, ms, 1 to only look, ids, author.
-- Replies the ids removed (or to be removed), and numbers of those kept since they are queued, running, completed,
-- and of those that are unknown.
-- @include keys
-- @include head
-- @include events
-- @include token
-- @include bytes
-- @include facets
-- @include candidate-facets
-- @include last
-- @include author
-- @include audit
-- @include remove
if known == 0 then return { { 'unknown' } } end
local numbersOf = { queued = 0, running = 0, completed = 0, unknown = 0 }
local ids = {}
for i = 5, #ARGV do
  local ord = find(ARGV[i])
  local status = ord and readHead(ord).s or 'unknown'
  if status ~= 'not_started' then
    numbersOf[status] = numbersOf[status] + 1
  else
    ids[#ids + 1] = ARGV[i]
    if ARGV[4] ~= '1' then remove(ord) end
  end
end
flushRemoved()
return done('pruned', ids, numbersOf.queued, numbersOf.running, numbersOf.completed, numbersOf.unknown)
