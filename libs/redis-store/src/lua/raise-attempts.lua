-- Raises attempt counters to what Temporal knows; those that were raised wait until it is known how they stand.
-- ARGV: id, attempt and 1 for an open one (0: it has ended) of each, author. Replies 1 when any was raised, which is audited.
-- @include keys
-- @include head
-- @include last
-- @include author
local audited = 0
-- @include audit
local raised = 0
local function raise(id, attempt, isOpen)
  local ord = known == 1 and find(id)
  if ord then
    local head = readHead(ord)
    if head.last >= attempt then return end
    head.last = attempt
    call('HSET', blockOf('r', ord), ord, cjson.encode(head))
  else
    local key = lastOf(id)
    local last = call('HGET', key, id)
    if last and tonumber(last) >= attempt then return end
    call('HSET', key, id, string.format('%d', attempt))
    call('HSET', M, 'last', 1)
  end
  call('ZADD', BASE .. 'pend', isOpen and 0 or 1, id)
  raised = raised + 1
end
for i = 1, #ARGV - 2, 3 do raise(ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2] == '1') end
if raised > 0 then audit('repair', { f = { attemptsRestored = raised } }) end
return { audited }
