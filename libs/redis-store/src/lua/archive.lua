-- Appends an attempt that is over: a line of scalars, then the steps as they came. `record`: n attempt, st start, e end;
-- of a cancelled one at, by, r when, by whom and why it was cancelled; o outcome, absent = cancelled. The attempts of
-- one candidate are a chain: each names the number of the one before it (p), `ca:<block>` that of the newest.
local function archive(ord, record, steps)
  local number, newest = call('HINCRBY', M, 'cseq', 1), blockOf('ca', ord)
  record.i, record.p = ID, tonumber(call('HGET', newest, ord) or 0)
  call('HSET', blockOf('c', number), number, cjson.encode(record) .. '\n' .. steps)
  call('HSET', newest, ord, number)
end
