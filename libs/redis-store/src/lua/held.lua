-- Runs whose next dispatch waits for a pause to end: in the head since when, in the index by the time since when, or at
-- which they were told last to go on.
local HD = BASE .. 'hd'

local function hold(ord, head)
  if head.h then return end
  head.h = AT
  call('ZADD', HD, MS, ID .. '\0' .. ord)
end

local function letGo(ord, head)
  if not head.h then return end
  head.h = nil
  call('ZREM', HD, ID .. '\0' .. ord)
end
