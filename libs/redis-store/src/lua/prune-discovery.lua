-- Removes not_started candidates that a discovery did not submit. ARGV: stream length, at, ms, discovery, 1 when one
-- that found nothing counts as well, most to remove, most to name when none is removed,
-- author.
-- Replies ids, number still to be removed, and numbers of those kept since they are queued, running, completed; or
-- `no_discovery` with those that are known, or `found_nothing`.
-- @include keys
-- @include head
-- @include events
-- @include token
-- @include bytes
-- @include facets
-- @include candidate-facets
-- @include last
-- @include discoveries
-- @include author
-- @include audit
-- @include remove
if known == 0 then return { { 'unknown' } } end
if not call('ZSCORE', DISCOVERIES, ARGV[4]) then
  return { { 'no_discovery', call('ZREVRANGE', DISCOVERIES, 0, -1) } }
end
local found, both, rest = foundBy(ARGV[4]), BASE .. 'tmp:1', BASE .. 'tmp:2'
if ARGV[5] ~= '1' and call('BITCOUNT', found) == 0 then return { { 'found_nothing' } } end

local function notFound(status)
  call('BITOP', 'AND', both, BASE .. 'b:s=' .. status, found)
  return tonumber(call('HGET', M, 'n:s=' .. status) or 0) - call('BITCOUNT', both)
end

local queued, running, completed = notFound('queued'), notFound('running'), notFound('completed')
local left = notFound('not_started')
call('BITOP', 'XOR', rest, BASE .. 'b:s=not_started', both)

-- The first bits of the rest, as texts.
local function firstOf(most)
  local ords, byte = {}, 0
  while #ords < most do
    local ord = call('BITPOS', rest, 1, byte)
    if ord < 0 then break end
    byte = math.floor(ord / 8)
    for bit = ord, byte * 8 + 7 do
      if #ords < most and call('GETBIT', rest, bit) == 1 then ords[#ords + 1] = string.format('%d', bit) end
    end
    byte = byte + 1
  end
  return ords
end

local most = tonumber(ARGV[6])
local ords = firstOf(most == 0 and tonumber(ARGV[7]) or most)
call('UNLINK', both, rest)
if most == 0 then
  local ids = {}
  for i, ord in ipairs(ords) do ids[i] = string.match(call('HGET', blockOf('d', ord), ord), '"id":"([^"]*)"') end
  return { { 'pruned', ids, left, queued, running, completed } }
end
for _, ord in ipairs(ords) do remove(ord) end
flushRemoved()
return done('pruned', removedIds, left - #removedIds, queued, running, completed)
