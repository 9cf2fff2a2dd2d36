-- What must outlive a candidate that is removed, by its id: the highest run attempt number (field id), the nonces of
-- settled attempts (`id\0attempt`), and where its chains of audit entries and of attempts begin (`id\0al`, `id\0ca`).
-- Who comes again takes them over, so that no number is used twice and nothing done before is lost from sight.
local CHAINS = { 'al', 'ca' }

local function lastOf(id)
  return BASE .. 'last:' .. string.sub(redis.sha1hex(id), 1, 2)
end

-- Moves a value between a hash of ordinals and that of ids.
local function move(from, field, to, toField)
  local value = call('HGET', from, field)
  if not value then return false end
  call('HSET', to, toField, value)
  call('HDEL', from, field)
  return true
end

local function keepLast(id, ord, last)
  local key, any = lastOf(id), last > 0
  if last > 0 then call('HSET', key, id, last) end
  for attempt = 1, last do move(blockOf('o', ord), ord .. ':' .. attempt, key, id .. '\0' .. attempt) end
  for _, chain in ipairs(CHAINS) do any = move(blockOf(chain, ord), ord, key, id .. '\0' .. chain) or any end
  if any then call('HSET', M, 'last', 1) end
end

-- Nothing to look for where nothing was ever kept.
local anyKept = call('HEXISTS', M, 'last') == 1
local function restoreLast(id, ord)
  if not anyKept then return end
  local key = lastOf(id)
  for _, chain in ipairs(CHAINS) do move(key, id .. '\0' .. chain, blockOf(chain, ord), ord) end
  local last = call('HGET', key, id)
  if not last then return end
  call('HDEL', key, id)
  call('HSET', blockOf('r', ord), ord, cjson.encode({ s = 'not_started', last = tonumber(last), t = AT }))
  for attempt = 1, tonumber(last) do move(key, id .. '\0' .. attempt, blockOf('o', ord), ord .. ':' .. attempt) end
end
