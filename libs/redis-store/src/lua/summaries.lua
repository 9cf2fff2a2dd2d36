-- Takes over migrations' summaries, never an older one over a newer one, and moves the sums over all by what each has
-- changed: so a repeat changes nothing, and of a lost one the next makes up. A summary without @ is of a version that
-- kept no sums: it is in none. An archived migration is in none of what is left to do. KEYS: summaries by migration, sums,
-- days, failures, their texts, how many were taken, archived migrations.
-- @include numbers
local SUMMARIES, TOTALS, DAYS, FAILURES, TEXTS, TAKEN, ARCHIVED = unpack(KEYS)
local DAYS_KEPT, COUNTED = 400, { 'not_started', 'queued', 'running', 'completed', 'attention' }

local function progressOf(counts)
  if counts[4] > 0 and counts[1] + counts[2] + counts[3] == 0 then return 'm:done' end
  return counts[2] + counts[3] + counts[4] == 0 and 'm:new' or 'm:in_progress'
end

local function dropOld(newest)
  local before = tonumber(redis.call('HGET', TOTALS, 'day') or newest - 1)
  if newest <= before then return end
  local old = {}
  for day = math.max(before - DAYS_KEPT + 1, newest - 2 * DAYS_KEPT), newest - DAYS_KEPT do old[#old + 1] = day end
  if #old > 0 then redis.call('HDEL', DAYS, unpack(old)) end
  redis.call('HSET', TOTALS, 'day', newest)
end

local function move(field, by)
  if by ~= 0 then redis.call('HINCRBY', TOTALS, field, by) end
end

local function moveCounts(before, after)
  local had, counts = numbersIn(before), numbersIn(after)
  for i, field in ipairs(COUNTED) do move(field, (counts[i] or 0) - (had[i] or 0)) end
  local stood, stands = before and progressOf(had), after and progressOf(counts)
  if stood == stands then return end
  if stands then move(stands, 1) end
  if stood then move(stood, -1) end
end

-- Counts of candidates, which come after the seven, are no sums of days.
local function moveDay(day, before, after)
  local had, values, sums = numbersIn(before), numbersIn(after), numbersIn(redis.call('HGET', DAYS, day))
  local texts = {}
  for i = 1, 7 do texts[i] = string.format('%.0f', (sums[i] or 0) + (values[i] or 0) - (had[i] or 0)) end
  redis.call('HSET', DAYS, day, table.concat(texts, ','))
end

local function moveDays(before, after)
  local newest = string.match(after, '^%d+')
  if newest then dropOld(tonumber(newest)) end
  for day, list in string.gmatch(after, '(%d+):([^;]*)') do
    local had = string.match(';' .. before, ';' .. day .. ':([^;]*)')
    if had ~= list then moveDay(day, had, list) end
  end
end

local function isArchived(text)
  return text and string.find(text, '^[^\n]*\n@[^\n]*\n[^\n]*\n[^\n]') ~= nil
end

local function moveArchived(id, was, is)
  if is and not was then redis.call('ZADD', ARCHIVED, 0, id) end
  if was and not is then redis.call('ZREM', ARCHIVED, id) end
end

-- Answers true when it was newer, or was not in the sums.
local function takeSummary(id, version, text)
  local kept = redis.call('HGET', SUMMARIES, id)
  local number, counts, days = string.match(kept or '', '^(%d+) ([^\n]*)\n?@?%d*;?([^\n]*)')
  local isCounted = kept and string.find(kept, '\n@', 1, true)
  number = tonumber(number or -1)
  if number > version or (number == version and isCounted) then return false end
  redis.call('HSET', SUMMARIES, id, string.format('%.0f ', version) .. text)
  if not isCounted then counts, days = nil, '' end
  local nowCounts, nowDays = string.match(text, '^([^\n]*)\n@%d+;([^\n]*)')
  if not nowCounts then return true end
  local was, is = isArchived(kept), isArchived(text)
  moveArchived(id, was, is)
  if was then counts = nil end
  if is then nowCounts = nil end
  if counts ~= nowCounts then moveCounts(counts, nowCounts) end
  if days ~= nowDays then moveDays(days, nowDays) end
  return true
end
