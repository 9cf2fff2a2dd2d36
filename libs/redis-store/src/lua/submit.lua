-- Merges a slice of candidates: new ones are added, not_started and queued ones replaced, others preserved.
-- ARGV: stream length, at, ms, then id and JSON of each, author. The JSON is only read here, never written back.
-- @include keys
-- @include events
-- @include token
-- @include facets
-- @include author
-- @include audit
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

-- What is new waits until the end of the slice, so that a key costs one command a slice.
local nextOrd = tonumber(call('GET', SEQ))
local fresh, places, documents, packed, ords = {}, {}, {}, {}, {}

local function waitIn(lists, key, ...)
  lists[key] = lists[key] or {}
  for _, part in ipairs({ ... }) do table.insert(lists[key], part) end
end

local function add(id, json)
  local ord = string.format('%d', nextOrd)
  nextOrd = nextOrd + 1
  local member = id .. '\0' .. ord
  fresh[id] = true
  places[#places + 1], places[#places + 2] = 0, member
  waitIn(documents, blockOf('d', ord), ord, AT .. '\n' .. json)
  waitIn(packed, blockOf('t', ord), member .. '\n')
  ords[#ords + 1] = ord
  for field, value in pairs(facetsOf(json)) do addFacet(ord, member, field, value) end
  touch(member)
  added = added + 1
end

local function flush()
  flushFacets()
  if #ords == 0 then return end
  call('ZADD', ALL, unpack(places))
  for key, pairs in pairs(documents) do call('HSET', key, unpack(pairs)) end
  for key, lines in pairs(packed) do call('APPEND', key, table.concat(lines)) end
  setBits(BASE .. 'b:s=not_started', ords)
  call('SET', SEQ, string.format('%d', nextOrd))
  fresh, places, documents, packed, ords = {}, {}, {}, {}, {}
end

local function replace(id, ord, json, old, head)
  local member = id .. '\0' .. ord
  local before, after = facetsOf(old), facetsOf(json)
  flushFacets()
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
  -- The same id twice in one slice: the second one must find the first.
  if fresh[id] then flush() end
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
flush()
if #touched > 0 then call('ZADD', UPD, unpack(touched)) end
if added > 0 then
  call('HINCRBY', M, 'n:s=not_started', added)
  call('HINCRBY', M, 'n:all', added)
end
if added + updated > 0 then emitCounts() end
-- What one request changed is one entry with its sums, which its last slice knows: `s` holds those of the slices before.
-- The first slice that changes something tells that it has begun, so that a crash leaves no change untold.
local function tell(part)
  if part.s then
    if part.k then call('DEL', BASE .. 'sb:' .. part.k) end
    local after = { added = part.s[1] + added, updated = part.s[2] + updated }
    if after.added + after.updated == 0 then return end
    after.unchanged, after.preserved = part.s[3] + unchanged, part.s[4] + preserved
    audit('submit', { f = after })
  elseif added + updated > 0 and call('SET', BASE .. 'sb:' .. part.k, 1, 'NX', 'EX', 3600) then
    audit('submit', { f = { begun = true, candidates = part.of } })
  end
end
tell(AUTHOR.part)
return done('merged', added, updated, unchanged, preserved)
