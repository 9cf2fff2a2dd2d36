-- Merges a slice of candidates: new ones are added, not_started and queued ones replaced, others preserved.
-- ARGV: stream length, at, ms, then id and JSON of each. The JSON is only read here, never written back.
-- @include keys
-- @include events
-- @include facets
if known == 0 then return { { 'unknown' } } end
local added, updated, unchanged, preserved = 0, 0, 0, 0
local touched = {}

-- Metadata keys get numbers in the order seen; only the first sixteen are indexed.
local numbers, taken = {}, 0
local flat = call('HGETALL', BASE .. 'mk')
for i = 1, #flat, 2 do
  numbers[flat[i]] = flat[i + 1]
  taken = taken + 1
end

-- Byte order; the operators on strings follow the server's locale.
local function earlier(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

local function register(metadata)
  if taken >= 16 then return end
  local new = {}
  for key in pairs(metadata) do
    if not numbers[key] then new[#new + 1] = key end
  end
  table.sort(new, earlier)
  for _, key in ipairs(new) do
    if taken >= 16 then return end
    call('HSET', BASE .. 'mk', key, taken)
    numbers[key] = taken
    taken = taken + 1
  end
end

local function facetsOf(json)
  local candidate, facets = cjson.decode(json), {}
  register(candidate.metadata or {})
  if candidate.kind then facets.k = candidate.kind end
  for key, value in pairs(candidate.metadata or {}) do
    if numbers[key] then facets['m' .. numbers[key]] = value end
  end
  return facets
end

local function touch(member)
  touched[#touched + 1] = -MS
  touched[#touched + 1] = member
end

local function add(id, json)
  local ord = call('INCR', SEQ) - 1
  local member = id .. '\0' .. ord
  call('ZADD', ALL, 0, member)
  call('HSET', blockOf('d', ord), ord, AT .. '\n' .. json)
  call('APPEND', blockOf('t', ord), id .. '\0' .. ord .. '\n')
  call('SETBIT', BASE .. 'b:s=not_started', ord, 1)
  for field, value in pairs(facetsOf(json)) do addFacet(ord, member, field, value) end
  touch(member)
  added = added + 1
end

local function replace(id, ord, json, old, head)
  local member = id .. '\0' .. ord
  local before, after = facetsOf(old), facetsOf(json)
  for field, value in pairs(before) do
    if after[field] ~= value then dropFacet(ord, member, field, value) end
  end
  for field, value in pairs(after) do
    if before[field] ~= value then addFacet(ord, member, field, value) end
  end
  call('HSET', blockOf('d', ord), ord, AT .. '\n' .. json)
  if head then
    head.t = AT
    call('HSET', blockOf('r', ord), ord, cjson.encode(head))
  end
  touch(member)
  updated = updated + 1
end

local function merge(id, json)
  local ord = find(id)
  if not ord then return add(id, json) end
  local text = call('HGET', blockOf('r', ord), ord)
  local head = text and cjson.decode(text)
  if head and (head.s == 'running' or head.s == 'completed') then
    preserved = preserved + 1
    return
  end
  local stored = call('HGET', blockOf('d', ord), ord)
  local old = string.sub(stored, string.find(stored, '\n', 1, true) + 1)
  if old == json then
    unchanged = unchanged + 1
  else
    replace(id, ord, json, old, head)
  end
end

for i = 4, #ARGV, 2 do merge(ARGV[i], ARGV[i + 1]) end
for key in pairs(waiting) do call('ZADD', key, unpack(waiting[key])) end
if #touched > 0 then call('ZADD', UPD, unpack(touched)) end
if added > 0 then
  call('HINCRBY', M, 'n:s=not_started', added)
  call('HINCRBY', M, 'n:all', added)
end
if added + updated > 0 then emitCounts() end
return done('merged', added, updated, unchanged, preserved)
