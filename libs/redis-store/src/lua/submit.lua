-- Merges a slice of candidates: new ones are added, not_started and queued ones replaced, others preserved.
-- ARGV: stream length, at, ms, discovery (or ''), 1 where counts that have moved so far are told, then of each its id, its JSON, and how many bytes of that hold id,
-- kind and metadata (a closing brace makes them JSON), and the author. The JSON is only read here, never written back.
-- @include keys
-- @include bytes
-- @include events
-- @include token
-- @include facets
-- @include candidate-facets
-- @include last
-- @include discoveries
-- @include author
-- @include audit
if known == 0 then return { { 'unknown' } } end
local added, updated, unchanged, preserved = 0, 0, 0, 0

-- What is written waits until the end of the slice, so that a key costs one command a slice.
local nextOrd = tonumber(call('GET', SEQ))
local seen, touched, places, ords, documents, packed = {}, {}, {}, {}, {}, {}

local function listIn(lists, key)
  local list = lists[key]
  if not list then
    list = {}
    lists[key] = list
  end
  return list
end

local NEWEST = '-' .. MS
local function touch(ord, member, json)
  local at = #touched
  touched[at + 1], touched[at + 2] = NEWEST, member
  local list = listIn(documents, blockOf('d', ord))
  at = #list
  list[at + 1], list[at + 2] = ord, AT .. '\n' .. json
end

local function add(id, json, indexed)
  local ord = string.format('%d', nextOrd)
  nextOrd = nextOrd + 1
  local member = id .. '\0' .. ord
  places[#places + 1] = member
  ords[#ords + 1] = ord
  local lines = listIn(packed, blockOf('t', ord))
  lines[#lines + 1] = member .. '\n'
  for field, value in pairs(facetsOf(string.sub(json, 1, indexed) .. '}')) do addFacet(ord, member, field, value) end
  restoreLast(id, ord)
  touch(ord, member, json)
  added = added + 1
  return ord
end

local function flush()
  flushFacets()
  for key, pairs in pairs(documents) do call('HSET', key, unpack(pairs)) end
  if #touched > 0 then call('ZADD', UPD, unpack(touched)) end
  if #ords > 0 then
    addAll(ALL, places)
    for key, lines in pairs(packed) do call('APPEND', key, table.concat(lines)) end
    setBits(BASE .. 'b:s=not_started', ords, '1')
    call('SET', SEQ, string.format('%d', nextOrd))
  end
  seen, touched, places, ords, documents, packed = {}, {}, {}, {}, {}, {}
end

local function moveFacets(ord, member, json, old)
  local before, after = facetsOf(old), facetsOf(json)
  for field, value in pairs(before) do
    if after[field] ~= value then dropFacet(ord, member, field, value) end
  end
  for field, value in pairs(after) do
    if before[field] ~= value then addFacet(ord, member, field, value) end
  end
end

local function replace(id, ord, json, indexed, old, head)
  local member, start = id .. '\0' .. ord, string.sub(json, 1, indexed)
  -- Where the old one begins alike it may still go on with what the new one does not have.
  local nextKey = string.match(old, '^,?"?(%a*)', indexed + 1)
  local isSame = string.sub(old, 1, indexed) == start and nextKey ~= 'kind' and nextKey ~= 'metadata'
  if not isSame then moveFacets(ord, member, start .. '}', old) end
  touch(ord, member, json)
  if head then
    head.t = AT
    call('HSET', blockOf('r', ord), ord, cjson.encode(head))
  end
  updated = updated + 1
end

-- Ordinals of all that the slice names.
local found = {}
local function merge(id, json, indexed)
  -- The same id twice in one slice: the second one must find the first.
  if seen[id] then flush() end
  seen[id] = true
  local ord = find(id)
  if not ord then
    found[#found + 1] = add(id, json, indexed)
    return
  end
  found[#found + 1] = ord
  local text = call('HGET', blockOf('r', ord), ord)
  local head = text and cjson.decode(text)
  if head and (head.s == 'running' or head.s == 'completed') then
    preserved = preserved + 1
    return
  end
  local stored = call('HGET', blockOf('d', ord), ord)
  local start = string.find(stored, '\n', 1, true) + 1
  if #stored == start + #json - 1 and string.find(stored, json, start, true) then
    unchanged = unchanged + 1
  else
    replace(id, ord, json, indexed, string.sub(stored, start), head)
  end
end

for i = 6, #ARGV, 3 do merge(ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])) end
flush()
markFound(ARGV[4], found)
if added > 0 then
  call('HINCRBY', M, 'n:s=not_started', added)
  call('HINCRBY', M, 'n:all', added)
end
if ARGV[5] == '1' then
  if added + updated > 0 or call('HEXISTS', M, 'qc') == 1 then emitCounts() end
elseif added + updated > 0 then
  keepQuiet()
end
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
