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

-- Counts by status, of those that need attention, and of those by kind.
local COUNTS = { 'n:s=not_started', 'n:s=queued', 'n:s=running', 'n:s=completed', 'n:a=any', 'n:a=step_failed',
  'n:a=awaiting_review', 'n:a=stale' }
local function countsText()
  local n = call('HMGET', M, unpack(COUNTS))
  for i = 1, #COUNTS do n[i] = n[i] or '0' end
  return table.concat(n, ',')
end

-- What is derived of this migration over all, a line each: counts; after @ the number of failed step attempts and the
-- newest days; the pause, and how it was archived (JSON, not read here); the limit.
local function summaryText()
  local told = call('HMGET', M, 'fn', 'dy', 'pz', 'ar', 'lim')
  local happened = '@' .. (told[1] or '0') .. ';' .. (told[2] or '')
  return table.concat({ countsText(), happened, told[3] or '', told[4] or '', told[5] or '' }, '\n')
end
