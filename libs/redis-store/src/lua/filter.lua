-- Filters of a list: fields narrow together, the alternatives of one field are disjoint sets of ordinals. A set is a
-- sorted set of `id\0ord`, a bitmap, or both (facets.lua says when); `parseFilter` finds out which, and how large.
local function fixedSet(token)
  local set = { size = tonumber(call('HGET', M, 'n:' .. token) or 0), bitmap = BASE .. 'b:' .. token }
  if token == 'a=any' then
    set.zset = ATT
  elseif token ~= 's=not_started' then
    set.zset = BASE .. 'x:' .. token
  end
  return set
end

local function facetSet(field, value)
  local token, size = tokenOf(field, value), call('HGET', BASE .. 'fv:' .. field, value)
  if not size and call('HEXISTS', M, 'ov:' .. field) == 1 then
    local shared = BASE .. 'z:' .. field
    local from, to = '[' .. token .. '\0', '(' .. token .. '\1'
    return { size = call('ZLEXCOUNT', shared, from, to), shared = shared, from = from, to = to, skip = #token + 2 }
  end
  local state = tonumber(call('HGET', BASE .. 'fs', token) or 0)
  return {
    size = tonumber(size or 0),
    zset = state < 2 and BASE .. 'x:' .. token or nil,
    bitmap = state > 0 and BASE .. 'b:' .. token or nil,
  }
end

-- Reads fields from ARGV[i]: their number, then of each its name, the number of alternatives, and those.
-- Metadata fields are named `meta:<key>`; the second result is the first key that is not indexed.
local function parseFilter(i)
  local fields, at = {}, i + 1
  for f = 1, tonumber(ARGV[i]) do
    local name, count = ARGV[at], tonumber(ARGV[at + 1])
    local number = nil
    if string.sub(name, 1, 5) == 'meta:' then
      number = call('HGET', BASE .. 'mk', string.sub(name, 6))
      if not number then return nil, string.sub(name, 6) end
    end
    local field = { sum = 0, sets = {} }
    for a = at + 2, at + 1 + count do
      local set
      if name == 's' or name == 'a' then
        set = fixedSet(name .. '=' .. ARGV[a])
      else
        set = facetSet(number and 'm' .. number or name, ARGV[a])
      end
      field.sum = field.sum + set.size
      table.insert(field.sets, set)
    end
    fields[f] = field
    at = at + 2 + count
  end
  return fields
end

local function membersOf(set)
  if set.zset then return call('ZRANGE', set.zset, 0, -1) end
  local members = call('ZRANGEBYLEX', set.shared, set.from, set.to)
  for i, member in ipairs(members) do members[i] = string.sub(member, set.skip) end
  return members
end

local function ordOf(member)
  return string.match(member, '%z(%d+)$')
end

local function inField(field, member, ord)
  for _, set in ipairs(field.sets) do
    if set.bitmap then
      if call('GETBIT', set.bitmap, ord) == 1 then return true end
    elseif set.zset then
      if call('ZSCORE', set.zset, member) then return true end
    elseif call('ZSCORE', set.shared, string.sub(set.from, 2) .. member) then
      return true
    end
  end
  return false
end

-- Those members whose bits are set; a command tests many.
local function narrowed(members, bitmap)
  local kept = {}
  for start = 1, #members, 250 do
    local args, stop = {}, math.min(start + 249, #members)
    for i = start, stop do
      local at = 3 * (i - start)
      args[at + 1], args[at + 2], args[at + 3] = 'GET', 'u1', ordOf(members[i])
    end
    for i, bit in ipairs(call('BITFIELD_RO', bitmap, unpack(args))) do
      if bit == 1 then kept[#kept + 1] = members[start + i - 1] end
    end
  end
  return kept
end

-- Those members that are in a field.
local function inside(field, members)
  if #field.sets == 1 and field.sets[1].bitmap then return narrowed(members, field.sets[1].bitmap) end
  local kept = {}
  for _, member in ipairs(members) do
    if inField(field, member, ordOf(member)) then kept[#kept + 1] = member end
  end
  return kept
end

-- One bitmap of all ordinals that pass every field, and how many; `TMP` keys exist only within the script.
local temporary = 0
local function unionOf(field)
  local only = #field.sets == 1 and field.sets[1]
  if only and only.bitmap then return only.bitmap end
  temporary = temporary + 1
  local key, bitmaps = BASE .. 'tmp:' .. temporary, {}
  for _, set in ipairs(field.sets) do
    if set.bitmap then bitmaps[#bitmaps + 1] = set.bitmap end
  end
  if #bitmaps > 0 then call('BITOP', 'OR', key, unpack(bitmaps)) end
  for _, set in ipairs(field.sets) do
    if not set.bitmap then
      for _, member in ipairs(membersOf(set)) do call('SETBIT', key, ordOf(member), 1) end
    end
  end
  return key
end

local function passing(fields)
  local unions = {}
  for i, field in ipairs(fields) do unions[i] = unionOf(field) end
  if #unions == 1 then return unions[1], fields[1].sum end
  temporary = temporary + 1
  local key = BASE .. 'tmp:' .. temporary
  call('BITOP', 'AND', key, unpack(unions))
  return key, call('BITCOUNT', key)
end

local function dropTemporary()
  for i = 1, temporary do call('UNLINK', BASE .. 'tmp:' .. i) end
end

-- Whether the id of a member has `q` (lower case) in it.
local function hasPart(member, q)
  return q == '' or string.find(string.lower(string.match(member, '^%Z*')), q, 1, true) ~= nil
end

local function havingPart(members, q)
  if q == '' then return members end
  local kept = {}
  for _, member in ipairs(members) do
    if hasPart(member, q) then kept[#kept + 1] = member end
  end
  return kept
end
