-- Removes candidates that are not_started, with all that is known of them but what lua/last.lua keeps. Ordinals are
-- never used again, so bits that a discovery has of them do no harm.
local gone, goneOrds, linesOf, removedIds = {}, {}, {}, {}

local function remove(ord)
  local stored = call('HGET', blockOf('d', ord), ord)
  local json = string.sub(stored, string.find(stored, '\n', 1, true) + 1)
  local id = string.match(json, '"id":"([^"]*)"')
  local member, text = id .. '\0' .. ord, blockOf('t', ord)
  for field, value in pairs(facetsOf(json)) do dropFacet(ord, member, field, value) end
  keepLast(id, ord, readHead(ord).last or 0)
  call('HDEL', blockOf('d', ord), ord)
  call('HDEL', blockOf('r', ord), ord)
  linesOf[text] = linesOf[text] or {}
  linesOf[text][member] = true
  gone[#gone + 1], goneOrds[#goneOrds + 1], removedIds[#removedIds + 1] = member, ord, id
end

local function dropLines(key, members)
  local kept = {}
  for line in string.gmatch(call('GET', key) or '', '([^\n]*)\n') do
    if not members[line] then kept[#kept + 1] = line .. '\n' end
  end
  if #kept == 0 then call('DEL', key) else call('SET', key, table.concat(kept)) end
end

local function flushRemoved()
  if #gone == 0 then return end
  flushFacets()
  call('ZREM', ALL, unpack(gone))
  call('ZREM', UPD, unpack(gone))
  setBits(BASE .. 'b:s=not_started', goneOrds, '0')
  for key, members in pairs(linesOf) do dropLines(key, members) end
  call('HINCRBY', M, 'n:s=not_started', -#gone)
  call('HINCRBY', M, 'n:all', -#gone)
  for _, id in ipairs(removedIds) do emit('t', 'c', 'i', id, 's', 'not_started', 'n', 0, 'a', '', 'u', AT, 'r', 1) end
  emitCounts()
  audit('prune', { f = { removed = #gone, ids = table.concat(removedIds, ' ') } })
end
