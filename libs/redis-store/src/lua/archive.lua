-- Appends a cancelled attempt: a line of scalars, then the steps as they came.
local function archive(attempt, at, by, reason, steps)
  local number = call('HINCRBY', M, 'cseq', 1)
  local record = cjson.encode({ i = ID, n = attempt, at = at, by = by, r = reason })
  call('HSET', blockOf('c', number), number, record .. '\n' .. steps)
end
