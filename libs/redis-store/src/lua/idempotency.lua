-- Idempotency keys, kept 24 h beside what they caused: `<attempt> <fingerprint>`.
local function recall(key, fingerprint)
  if key == '' then return nil end
  local kept = call('GET', BASE .. 'i:' .. key)
  if not kept then return nil end
  local attempt, before = string.match(kept, '^(%d+) (.*)$')
  if before == fingerprint then return { { 'repeated', attempt } } end
  return { { 'idempotency_mismatch' } }
end

local function remember(key, fingerprint, attempt)
  if key ~= '' then call('SET', BASE .. 'i:' .. key, attempt .. ' ' .. fingerprint, 'EX', 86400) end
end
