-- Entries of a stream after a position. KEYS: stream. ARGV: position, limit.
-- Replies 1 when the position is no longer held (or never was: the store was lost since), and the entries.
local stream, after = KEYS[1], ARGV[1]

local function wasTrimmed()
  local info, added, length = redis.call('XINFO', 'STREAM', stream), nil, nil
  for i = 1, #info, 2 do
    if info[i] == 'entries-added' then added = info[i + 1] end
    if info[i] == 'length' then length = info[i + 1] end
  end
  return added ~= nil and added > length
end

if redis.call('EXISTS', stream) == 0 then return { after ~= '0-0' and 1 or 0, {} } end
-- A position is that of an entry. Where that is gone it was cut off; or a restart lost the last second, and the entries
-- that came since may well stand behind it: what its reader saw never happened.
local isHeld
if after == '0-0' then isHeld = not wasTrimmed() else isHeld = #redis.call('XRANGE', stream, after, after) == 1 end
if not isHeld then return { 1, {} } end
return { 0, redis.call('XRANGE', stream, '(' .. after, '+', 'COUNT', ARGV[2]) }
