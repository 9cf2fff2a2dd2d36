-- Numbers of run attempts. A counter stands in its candidate's head; where there is none (yet, or any more), see
-- lua/last.lua.
-- `fa` in M: how first attempts are numbered. Absent: from 1. A number: from that. '-': it is not known yet whether the
-- store had lost this migration. '?': it had.
-- `pend`: candidates of which it is not known how their newest attempt stands, by whose turn it is to be found out: open
-- ones (0) before ended ones (1), and 2 more for each time that it could not be.
-- The number of the next attempt of ID; nil and why where there is none. `first`: an admin's, where nobody knows it.
local function nextAttempt(head, first)
  local mark = call('HGET', M, 'fa')
  local waits = call('ZSCORE', BASE .. 'pend', ARGV[4])
  local unknown = waits or (mark == '?' and head.last == 0)
  if first then
    if not unknown then return nil, 'attempt_known' end
    return math.max(first, head.last + 1)
  end
  if mark == '-' or waits then return nil, 'undetermined' end
  if unknown then return nil, 'attempt_unknown' end
  if mark and mark ~= '?' and head.last == 0 then return tonumber(mark) end
  return head.last + 1
end
