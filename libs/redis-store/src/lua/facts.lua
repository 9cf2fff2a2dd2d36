-- What happened to step attempts: a line each, of tabs between the number of the view that shows it first, o opened,
-- p passed or f failed, its duration and its time in ms, the step's name as JSON, and of a failure what is told of it.
-- Nothing is decoded. A fact is new if the view that stands here does not show it: that counts each of them once.
-- @include failures
local STEP_NAMES_KEPT, LAST_BUCKET = 400, 278

local function measure(hash, ms)
  local bucket = ms <= 1 and 0 or math.min(math.ceil(math.log(ms) / math.log(1.1)), LAST_BUCKET)
  call('HINCRBY', hash, bucket, 1)
  call('HINCRBY', hash, 'ms', string.format('%.0f', ms))
end

local function stepHash(name)
  local number = call('HGET', BASE .. 'sn', name)
  if not number then
    number = call('HLEN', BASE .. 'sn')
    if number >= STEP_NAMES_KEPT then return BASE .. 'h:others' end
    call('HSET', BASE .. 'sn', name, number)
  end
  return BASE .. 'h:' .. number
end

local function countFact(kind, ms, time, name, failure)
  local hash = stepHash(name)
  if kind == 'o' then
    call('HINCRBY', hash, 'o', 1)
    return tally(dayOf(MS), OPENED, 1)
  end
  measure(hash, tonumber(ms))
  if kind == 'p' then return tally(dayOf(MS), PASSED, 1) end
  tally(dayOf(MS), FAILED, 1)
  call('HINCRBY', hash, 'f', 1)
  local number = call('HINCRBY', M, 'fn', 1)
  local ref = string.format('%012d', number)
  keepFailure(BASE .. 'fl', BASE .. 'ft', time, ref, failure)
  tellAll('t', 'f', 'r', ref, 'w', time, 'd', failure)
end

local function countFacts(lines, head)
  for line in string.gmatch(lines or '', '[^\n]+') do
    local seq, kind, ms, time, name, failure = string.match(line, '^(%d+)\t(%l)\t(%d+)\t(%d+)\t([^\t]*)\t?(.*)$')
    if tonumber(seq) > head.seq then countFact(kind, ms, time, name, failure) end
  end
end

local function completeRun(head)
  tally(dayOf(MS), COMPLETED, 1)
  local since = millisOf(head.st)
  if not since then return end
  local ms = math.max(MS - since, 0)
  measure(BASE .. 'h:runs', ms)
  tally(dayOf(MS), RUN_MS, ms)
end
