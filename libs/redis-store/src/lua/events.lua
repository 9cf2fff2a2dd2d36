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

local function emitCounts()
  countsMoved = true
  emit('t', 'k', 'd', countsText())
end

local function done(...)
  if #entries == 0 then return { { ... }, call('HGET', M, 'ver'), summaryText(), {}, audited } end
  flushTally(MS)
  call('PUBLISH', EV, '')
  return { { ... }, call('HINCRBY', M, 'ver', 1), summaryText(), entries, audited }
end
