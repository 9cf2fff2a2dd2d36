-- Finds the members of a page, in one of three ways that each cost the page and not the fleet:
-- `all`: the whole result is small, the caller sorts it; `some`: a walk in order from after the cursor, at most
-- `budget` members, the caller repeats from where it stopped; `dense`: text search in a large result, see scan.lua.
-- ARGV: order (id, upd, att), members wanted, score and id to go on after (or ''), budget, 1 to force a walk,
-- text (lower case), filter.
-- Replies: way, counts, stream position, total, members, scores, 1 when the walk reached the end.
-- @include keys
-- @include bytes
-- @include token
-- @include filter
if known == 0 then return { 'unknown' } end
local fields, missing = parseFilter(8)
if not fields then return { 'not_indexed', missing, call('HGETALL', BASE .. 'mk') } end

local order, q = ARGV[1], ARGV[7]
local want, budget = tonumber(ARGV[2]), tonumber(ARGV[5])
local ordered = ({ id = ALL, upd = UPD, att = ATT })[order]
local SMALL, FEW = 2000, 500

local newest = call('XREVRANGE', EV, '+', '-', 'COUNT', 1)
local position = newest[1] and newest[1][1] or '0-0'

local function answer(way, total, members, ended)
  dropTemporary()
  local scores = {}
  if order ~= 'id' then
    for i, member in ipairs(members) do scores[i] = call('ZSCORE', ordered, member) or '0' end
  end
  return { way, countsText(), position, total, members, scores, ended and 1 or 0 }
end

local driver
for _, field in ipairs(fields) do
  if field.sum == 0 then return answer('all', 0, {}, true) end
  if not driver or field.sum < driver.sum then driver = field end
end

local function listable(field)
  for _, set in ipairs(field.sets) do
    if set.size > 0 and not (set.zset or set.shared) then return false end
  end
  return true
end

-- Of members in the order of ids, those of the page: the rest need not travel.
local function ofPage(members)
  local marker, low, high = ARGV[4] == '' and '' or ARGV[4] .. '\1', 1, #members + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    if earlier(marker, members[middle]) then high = middle else low = middle + 1 end
  end
  return { unpack(members, low, math.min(low + want - 1, #members)) }
end

-- A small field is read whole, and what it holds tested against the others.
if driver and driver.sum <= SMALL and listable(driver) then
  local members = {}
  for _, set in ipairs(driver.sets) do
    for _, member in ipairs(set.size > 0 and membersOf(set) or {}) do members[#members + 1] = member end
  end
  members = havingPart(members, q)
  for _, field in ipairs(fields) do
    if field ~= driver then members = inside(field, members) end
  end
  local isOrdered = order == 'id' and #driver.sets == 1
  return answer('all', #members, isOrdered and ofPage(members) or members, true)
end

local bits, total = nil, tonumber(call('HGET', M, 'n:all') or 0)
if driver then bits, total = passing(fields) end

-- So few bits are read out of the bitmap one by one.
if driver and total <= FEW then
  local members, byte = {}, 0
  while #members < total do
    local ord = call('BITPOS', bits, 1, byte)
    if ord < 0 then break end
    byte = math.floor(ord / 8)
    for bit = ord, byte * 8 + 7 do
      if call('GETBIT', bits, bit) == 1 then
        local stored = call('HGET', blockOf('d', bit), bit)
        members[#members + 1] = string.match(stored, '"id":"([^"]*)"') .. '\0' .. bit
      end
    end
    byte = byte + 1
  end
  local passed = havingPart(members, q)
  return answer('all', #passed, passed, true)
end

if q ~= '' and ARGV[6] ~= '1' then return answer('dense', total, {}, false) end

local walked = ordered
if order == 'id' and driver and #driver.sets == 1 and driver.sets[1].zset then walked = driver.sets[1].zset end

-- The rank after the cursor. Its row may have moved since: a marker of the same sort key then finds its place.
local function rankAfter()
  if ARGV[4] == '' then return 0 end
  local score, marker = ARGV[3] == '' and '0' or ARGV[3], ARGV[4] .. '\1'
  call('ZADD', walked, score, marker)
  local rank = call('ZRANK', walked, marker)
  call('ZREM', walked, marker)
  return rank
end

local members, rank, left = {}, rankAfter(), budget
local last
while #members < want and left > 0 do
  local chunk = call('ZRANGE', walked, rank, rank + math.min(left, bits and 250 or want) - 1)
  if #chunk == 0 then return answer('some', total, members, true) end
  for _, member in ipairs(havingPart(bits and narrowed(chunk, bits) or chunk, q)) do
    if #members == want then break end
    members[#members + 1] = member
  end
  last = chunk[#chunk]
  rank, left = rank + #chunk, left - #chunk
end
local reply = answer('some', total, members, false)
-- Where to go on, for a walk that ran out of budget.
reply[8] = last or ''
reply[9] = last and call('ZSCORE', walked, last) or ''
return reply
