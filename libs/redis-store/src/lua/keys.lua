-- Names of one migration's keys; every script of a migration gets the same KEYS. What is computed from BASE shares
-- the hash tag. Half a migration (a slot moved under writes, a partial restore) stops every script at once.
local M, SEQ, ALL, UPD, ATT, UN, PC, EV = unpack(KEYS)
local BASE = string.sub(M, 1, -2)
local call = redis.call
local known = call('HEXISTS', M, 'd')
if known ~= call('EXISTS', SEQ) then
  return redis.error_reply('LOOMTORN keys of this migration are missing')
end

local function blockOf(name, ord)
  return BASE .. name .. ':' .. math.floor(ord / 1024)
end

-- The ordinal of a candidate id, as text; nil when it is unknown.
local function find(id)
  local hit = call('ZRANGEBYLEX', ALL, '[' .. id .. '\0', '(' .. id .. '\1', 'LIMIT', 0, 1)
  return hit[1] and string.sub(hit[1], #id + 2)
end

-- Counts by status, and of those that need attention.
local function countsText()
  local n = call('HMGET', M, 'n:s=not_started', 'n:s=queued', 'n:s=running', 'n:s=completed', 'n:a=any')
  for i = 1, 5 do n[i] = n[i] or '0' end
  return table.concat(n, ',')
end

-- What is derived of this migration over all: counts; after @ the number of failed step attempts and the newest days.
local function summaryText()
  local fields = { 'n:s=not_started', 'n:s=queued', 'n:s=running', 'n:s=completed', 'n:a=any', 'fn', 'dy' }
  local told = call('HMGET', M, unpack(fields))
  for i = 1, 6 do told[i] = told[i] or '0' end
  return table.concat(told, ',', 1, 5) .. '\n@' .. told[6] .. ';' .. (told[7] or '')
end
