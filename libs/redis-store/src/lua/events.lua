-- Entries of the migration's stream, in the same write that makes them. `done` ends a script that may have changed
-- something: it numbers the change, so that what is derived from it elsewhere never goes back. A repeat that changes
-- nothing tells the newest number and counts again, since what was to be derived of the change itself may be lost.
-- @include tally
local LEN, AT, MS, ID = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local entries = {}
-- 1 once an audit entry was written: references to it are derived.
local audited = 0

local function emit(...)
  local fields = { ... }
  entries[#entries + 1] = fields
  call('XADD', EV, 'MAXLEN', '~', LEN, '*', unpack(fields))
end

-- Only what spans migrations is told of it.
local function tellAll(...)
  entries[#entries + 1] = { ... }
end

local function tellCounts()
  call('HDEL', M, 'qc')
  emit('t', 'k', 'd', countsText())
end

local function emitCounts()
  countsMoved = true
  tellCounts()
end

-- They have moved, and a later script of the same request tells them; where a crash keeps it from that, the
-- reconciliation does (tell-counts.lua).
local function keepQuiet()
  countsMoved = true
  call('HSET', M, 'qc', 1)
end

local function done(...)
  if #entries == 0 and not countsMoved then return { { ... }, call('HGET', M, 'ver'), summaryText(), {}, audited } end
  flushTally(MS)
  if #entries > 0 then call('PUBLISH', EV, '') end
  return { { ... }, call('HINCRBY', M, 'ver', 1), summaryText(), entries, audited }
end
