-- Indexes of `kind` (field k) and of metadata keys (fields m0 … m15). A value has a sorted set of `id\0ord`, above
-- BITMAP_FROM members a bitmap as well, above ZSET_UNTIL only the bitmap; it is never demoted. Values beyond
-- VALUES_CAP of a field share one sorted set, so that near-unique fields do not cost a key a value.
local BITMAP_FROM, ZSET_UNTIL, VALUES_CAP = 2000, 32768, 5000
-- Building a bitmap takes about a millisecond; what is due beyond these waits for its value's next member.
local promotionsLeft = 2

local overflown = {}
local function isOverflown(field)
  if overflown[field] == nil then overflown[field] = call('HEXISTS', M, 'ov:' .. field) == 1 end
  return overflown[field]
end

local function setBits(bitmap, ords, bit)
  local args = {}
  for i, ord in ipairs(ords) do
    local at = 4 * i - 3
    args[at], args[at + 1], args[at + 2], args[at + 3] = 'SET', 'u1', ord, bit
  end
  call('BITFIELD', bitmap, unpack(args))
end

local function addAll(zset, members)
  local args = {}
  -- Numbers as texts: Redis prints those of Lua as floats, which takes longer than many a command.
  for i, member in ipairs(members) do args[2 * i - 1], args[2 * i] = '0', member end
  call('ZADD', zset, unpack(args))
end

-- 0: sorted set; 1: both; 2: bitmap only.
local function setState(token, state)
  call('HSET', BASE .. 'fs', token, state)
end

local function promote(token, n, state)
  local zset = BASE .. 'x:' .. token
  if n > BITMAP_FROM and state == 0 and promotionsLeft > 0 then
    promotionsLeft = promotionsLeft - 1
    local ords = {}
    for i, member in ipairs(call('ZRANGE', zset, 0, -1)) do ords[i] = string.match(member, '%z(%d+)$') end
    for i = 1, #ords, 1000 do setBits(BASE .. 'b:' .. token, { unpack(ords, i, math.min(i + 999, #ords)) }, '1') end
    setState(token, 1)
  elseif n > ZSET_UNTIL and state == 1 then
    call('UNLINK', zset)
    setState(token, 2)
  end
end

-- Changes wait until the end of the slice, so that a field and a value cost their commands once a slice.
-- Of each field and value: members and ordinals that came, and that went. No member is in both.
local waiting, NONE = {}, {}
local function waitingOf(field, value)
  local values = waiting[field]
  if not values then
    values = {}
    waiting[field] = values
  end
  local entry = values[value]
  if not entry then
    entry = { members = {}, ords = {}, gone = NONE, goneOrds = NONE }
    values[value] = entry
  end
  return entry
end

local function addFacet(ord, member, field, value)
  local entry = waitingOf(field, value)
  local at = #entry.members + 1
  entry.members[at], entry.ords[at] = member, ord
end

local function dropFacet(ord, member, field, value)
  local entry = waitingOf(field, value)
  if entry.gone == NONE then entry.gone, entry.goneOrds = {}, {} end
  local at = #entry.gone + 1
  entry.gone[at], entry.goneOrds[at] = member, ord
end

local function apply(token, entry, n, state)
  local zset, bitmap = BASE .. 'x:' .. token, BASE .. 'b:' .. token
  if #entry.gone > 0 then
    if state < 2 then call('ZREM', zset, unpack(entry.gone)) end
    if state > 0 then setBits(bitmap, entry.goneOrds, '0') end
  end
  if #entry.members == 0 then return end
  if state < 2 then addAll(zset, entry.members) end
  if state > 0 then setBits(bitmap, entry.ords, '1') end
  if n > BITMAP_FROM and state < 2 then promote(token, n, state) end
end

-- Whether a value that is not counted yet may have a sorted set of its own.
local function hasRoom(field, room)
  if isOverflown(field) then return false end
  if room > 0 then return true end
  call('HSET', M, 'ov:' .. field, 1)
  overflown[field] = true
  return false
end

local function flushField(field, entries)
  local names, tokens, key = {}, {}, BASE .. 'fv:' .. field
  for value in pairs(entries) do
    names[#names + 1] = value
    tokens[#tokens + 1] = tokenOf(field, value)
  end
  local counts, states = call('HMGET', key, unpack(names)), call('HMGET', BASE .. 'fs', unpack(tokens))
  local room = VALUES_CAP - call('HLEN', key)
  local counted, emptied, shared, unshared = {}, {}, {}, {}
  for i, value in ipairs(names) do
    local entry = entries[value]
    if counts[i] or hasRoom(field, room) then
      if not counts[i] then room = room - 1 end
      local n = tonumber(counts[i] or 0) + #entry.members - #entry.gone
      -- Beyond the cap an absent value means that it lies in the shared set, so an emptied one stays with 0.
      if n > 0 or isOverflown(field) then
        counted[#counted + 1], counted[#counted + 2] = value, string.format('%d', n)
      else
        emptied[#emptied + 1] = value
      end
      apply(tokens[i], entry, n, tonumber(states[i] or 0))
    else
      for _, member in ipairs(entry.members) do shared[#shared + 1] = tokens[i] .. '\0' .. member end
      for _, member in ipairs(entry.gone) do unshared[#unshared + 1] = tokens[i] .. '\0' .. member end
    end
  end
  if #counted > 0 then call('HSET', key, unpack(counted)) end
  if #emptied > 0 then call('HDEL', key, unpack(emptied)) end
  if #unshared > 0 then call('ZREM', BASE .. 'z:' .. field, unpack(unshared)) end
  if #shared > 0 then addAll(BASE .. 'z:' .. field, shared) end
end

local function flushFacets()
  for field, entries in pairs(waiting) do flushField(field, entries) end
  waiting = {}
end
