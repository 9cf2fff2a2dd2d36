-- Indexes of `kind` (field k) and of metadata keys (fields m0 … m15). A value has a sorted set of `id\0ord`, above
-- BITMAP_FROM members a bitmap as well, above ZSET_UNTIL only the bitmap; it is never demoted. Values beyond
-- VALUES_CAP of a field share one sorted set, so that near-unique fields do not cost a key a value.
local BITMAP_FROM, ZSET_UNTIL, VALUES_CAP = 2000, 32768, 5000
-- Building a bitmap takes about a millisecond; what is due beyond these waits for its value's next member.
local promotionsLeft = 2

-- 0: sorted set; 1: both; 2: bitmap only.
local states = {}
local function stateOf(token)
  if not states[token] then states[token] = tonumber(call('HGET', BASE .. 'fs', token) or 0) end
  return states[token]
end

local function setState(token, state)
  states[token] = state
  call('HSET', BASE .. 'fs', token, state)
end

local overflown = {}
local function isOverflown(field)
  if overflown[field] == nil then overflown[field] = call('HEXISTS', M, 'ov:' .. field) == 1 end
  return overflown[field]
end

local function promote(token, n)
  local zset, state = BASE .. 'x:' .. token, stateOf(token)
  if n > BITMAP_FROM and state == 0 and promotionsLeft > 0 then
    promotionsLeft = promotionsLeft - 1
    for _, member in ipairs(call('ZRANGE', zset, 0, -1)) do
      call('SETBIT', BASE .. 'b:' .. token, string.match(member, '%z(%d+)$'), 1)
    end
    setState(token, 1)
  elseif n > ZSET_UNTIL and state == 1 then
    call('UNLINK', zset)
    setState(token, 2)
  end
end

local function setBits(bitmap, ords)
  local args = {}
  for _, ord in ipairs(ords) do
    args[#args + 1], args[#args + 2], args[#args + 3], args[#args + 4] = 'SET', 'u1', ord, 1
  end
  call('BITFIELD', bitmap, unpack(args))
end

local function addAll(zset, members, start)
  local args = {}
  for _, member in ipairs(members) do
    args[#args + 1], args[#args + 2] = 0, start .. member
  end
  call('ZADD', zset, unpack(args))
end

local function overflows(field, value)
  return isOverflown(field) and call('HEXISTS', BASE .. 'fv:' .. field, value) == 0
end

local function store(field, value, members, ords)
  local token, values = tokenOf(field, value), BASE .. 'fv:' .. field
  if not overflows(field, value) then
    local n = call('HINCRBY', values, value, #members)
    if n > #members or call('HLEN', values) <= VALUES_CAP then
      if stateOf(token) > 0 then setBits(BASE .. 'b:' .. token, ords) end
      if stateOf(token) < 2 then addAll(BASE .. 'x:' .. token, members, '') end
      if n > BITMAP_FROM then promote(token, n) end
      return
    end
    call('HDEL', values, value)
    call('HSET', M, 'ov:' .. field, 1)
    overflown[field] = true
  end
  addAll(BASE .. 'z:' .. field, members, token .. '\0')
end

-- Additions wait until the end of the slice, so that a value costs its commands once a slice.
local waiting = {}
local function addFacet(ord, member, field, value)
  local key = field .. '\0' .. value
  local entry = waiting[key] or { field = field, value = value, members = {}, ords = {} }
  table.insert(entry.members, member)
  table.insert(entry.ords, ord)
  waiting[key] = entry
end

local function flushFacets()
  for _, entry in pairs(waiting) do store(entry.field, entry.value, entry.members, entry.ords) end
  waiting = {}
end

local function dropFacet(ord, member, field, value)
  local token, values = tokenOf(field, value), BASE .. 'fv:' .. field
  if overflows(field, value) then
    call('ZREM', BASE .. 'z:' .. field, token .. '\0' .. member)
    return
  end
  call('ZREM', BASE .. 'x:' .. token, member)
  if stateOf(token) > 0 then call('SETBIT', BASE .. 'b:' .. token, ord, 0) end
  -- Beyond the cap an absent value means that it lies in the shared set, so an emptied one stays with 0.
  if call('HINCRBY', values, value, -1) <= 0 and not isOverflown(field) then call('HDEL', values, value) end
end
