-- A report that changes nothing is a sign of life all the same: of the step attempt at which the run stands, if nothing
-- newer was heard. Only where it takes `stale` back is there a change to be told.
-- ARGV: stream length, at, ms, id, run attempt, step index, step attempt.
-- @include keys
-- @include head
-- @include events
-- @include write
local ord = known == 1 and find(ID)
if not ord then return { { 'nothing' } } end
local head = readHead(ord)
local isCurrent = head.s == 'running' and head.n == tonumber(ARGV[5]) and head.cur == tonumber(ARGV[6])
local at = tonumber(MS)
if not isCurrent or head.ct ~= tonumber(ARGV[7]) or not head.lh or at <= head.lh then return { { 'nothing' } } end
local was = standing(head)
head.lh = at
if head.ak == 'stale' then
  head.ak, head.as = nil, nil
  write(ord, was, head)
  return done('heard')
end
call('HSET', blockOf('r', ord), ord, cjson.encode(head))
if head.w then call('ZADD', BASE .. 'si:' .. head.w, at, ID .. '\0' .. ord) end
return { { 'heard' } }
