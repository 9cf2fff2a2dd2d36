-- What happened to a migration, day by day (UTC), counted in the write that made it happen: runs started, completed and
-- cancelled; step attempts opened, passed and failed; ms of the completed runs; then candidates, and completed ones, at
-- the end of the day. The newest days stand in `dy`, newest first, `day:numbers` apart by `;`: the days of all migrations
-- are derived from them. Older ones lie in a hash, so that what is counted now costs one field.
-- @include numbers
local STARTED, COMPLETED, CANCELLED, OPENED, PASSED, FAILED, RUN_MS = 1, 2, 3, 4, 5, 6, 7
local DAYS, DAYS_KEPT, DAYS_TOLD = BASE .. 'day', 400, 3
local tallied, countsMoved = {}, false

local function dayOf(ms)
  return math.floor(ms / 86400000)
end

-- Milliseconds of a time as toISOString writes it; nil for any other text.
local function millisOf(text)
  local year, month, day, hour, minute, second, ms =
    string.match(text or '', '^(%d%d%d%d)%-(%d%d)%-(%d%d)T(%d%d):(%d%d):(%d%d)%.(%d%d%d)Z$')
  if not year then return nil end
  -- Years that begin in March end with the leap day.
  local y, m = year - (tonumber(month) < 3 and 1 or 0), (month + 9) % 12
  local days = 365 * y + math.floor(y / 4) - math.floor(y / 100) + math.floor(y / 400)
  days = days + math.floor((153 * m + 2) / 5) + day - 719469
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + ms
end

local function tally(day, what, by)
  local changes = tallied[day] or {}
  changes[what] = (changes[what] or 0) + by
  tallied[day] = changes
end

-- A day that was only told of late has no counts.
local function listOf(values)
  for i = 1, 7 do values[i] = values[i] or 0 end
  -- Lua itself would round a number of more than 14 digits.
  values[RUN_MS] = string.format('%.0f', values[RUN_MS])
  return table.concat(values, ',', 1, values[8] and 9 or 7)
end

local function add(values, changes)
  for what, by in pairs(changes) do values[what] = (values[what] or 0) + by end
  return values
end

-- Days that are no longer among the newest go to the hash, and what is too old goes. The last one before a long silence
-- stays: nothing has changed since.
local function putAway(days, newest, today)
  local kept, old = '', {}
  for day, list in string.gmatch(days, ';(%d+):([^;]*)') do
    if tonumber(day) > today - DAYS_TOLD then
      kept = kept .. ';' .. day .. ':' .. list
    else
      call('HSET', DAYS, day, list)
    end
  end
  for day = newest - DAYS_KEPT + 1, math.min(today - DAYS_KEPT, newest - 1) do old[#old + 1] = day end
  if #old > 0 then call('HDEL', DAYS, unpack(old)) end
  return kept
end

local function tallyLate(days, day, changes, today)
  if day <= today - DAYS_KEPT then return days end
  local before, list, after = string.match(days, '^(.-);' .. day .. ':([^;]*)(.*)$')
  if list then return before .. ';' .. day .. ':' .. listOf(add(numbersIn(list), changes)) .. after end
  if day > today - DAYS_TOLD then return days .. ';' .. day .. ':' .. listOf(add({}, changes)) end
  call('HSET', DAYS, day, listOf(add(numbersIn(call('HGET', DAYS, day)), changes)))
  return days
end

-- A clock that is behind does not end a newer day again: how far the migration is stands with the newest.
local function flushTally(ms)
  if not countsMoved and not next(tallied) then return end
  local newest, list, days = string.match(call('HGET', M, 'dy') or '', '^(%d+):([^;]*)(.*)$')
  local today = math.max(dayOf(ms), tonumber(newest or 0))
  local values = numbersIn(list)
  if newest and today > tonumber(newest) then
    days = putAway(';' .. newest .. ':' .. list .. days, newest, today)
    values = { 0, 0, 0, 0, 0, 0, 0, values[8], values[9] }
  end
  if countsMoved or not newest then
    local n = numbersIn(countsText())
    for i = 1, 7 do values[i] = values[i] or 0 end
    values[8], values[9] = n[1] + n[2] + n[3] + n[4], n[4]
  end
  for day, changes in pairs(tallied) do
    if day == today then
      add(values, changes)
    else
      days = tallyLate(days or '', day, changes, today)
    end
  end
  call('HSET', M, 'dy', today .. ':' .. listOf(values) .. (days or ''))
end
