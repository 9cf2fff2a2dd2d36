-- Idempotency keys, kept 24 h beside what they caused: `<attempt>/<run attempt> <fingerprint>`.
local function recall(key, fingerprint)
  if key == '' then return nil end
  local kept = call('GET', BASE .. 'i:' .. key)
  if not kept then return nil end
  local attempt, runAttempt, before = string.match(kept, '^(%d+)/(%d+) (.*)$')
  if before == fingerprint then return { { 'repeated', attempt, runAttempt } } end
  return { { 'idempotency_mismatch' } }
end

local function remember(key, fingerprint, attempt, runAttempt)
  if key == '' then return end
  call('SET', BASE .. 'i:' .. key, attempt .. '/' .. runAttempt .. ' ' .. fingerprint, 'EX', 86400)
end
