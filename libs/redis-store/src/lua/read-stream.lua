-- Entries of a stream after a position. KEYS: stream. ARGV: position, limit.
-- Replies 1 when the position is no longer held (or never was: the store was lost since), and the entries.
local stream, after = KEYS[1], ARGV[1]

local function isBefore(a, b)
  local am, as = string.match(a, '^(%d+)-(%d+)$')
  local bm, bs = string.match(b, '^(%d+)-(%d+)$')
  if am ~= bm then return tonumber(am) < tonumber(bm) end
  return tonumber(as) < tonumber(bs)
end

local function wasTrimmed()
  local info, added, length = redis.call('XINFO', 'STREAM', stream), nil, nil
  for i = 1, #info, 2 do
    if info[i] == 'entries-added' then added = info[i + 1] end
    if info[i] == 'length' then length = info[i + 1] end
  end
  return added ~= nil and added > length
end

local first = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
if not first then return { after ~= '0-0' and 1 or 0, {} } end
local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
if isBefore(last[1], after) then return { 1, {} } end
if isBefore(after, first[1]) and (after ~= '0-0' or wasTrimmed()) then return { 1, {} } end
return { 0, redis.call('XRANGE', stream, '(' .. after, '+', 'COUNT', ARGV[2]) }
