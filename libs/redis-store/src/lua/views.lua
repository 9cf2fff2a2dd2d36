-- A view is lines of JSON: the first holds inputs and attention, each other one a step. No line is ever decoded here.
local function steps(view)
  local lines = {}
  for line in string.gmatch(view, '\n([^\n]*)') do lines[#lines + 1] = line end
  return lines
end

-- Tells each step that `view` shows otherwise than `before`.
local function emitSteps(before, view, attempt)
  local old = steps(before or '')
  for index, step in ipairs(steps(view)) do
    if step ~= old[index] then emit('t', 's', 'i', ID, 'n', attempt, 'd', step) end
  end
end

-- Takes over what a projection says: seq, current step, attention, and the current step's name, status, attempt and
-- last sign of life. A change of ours, as of inputs, leaves a silent migrator as silent as it was.
local function takeOver(head)
  head.seq, head.cur = tonumber(ARGV[6]), tonumber(ARGV[7])
  local sign = tonumber(ARGV[15])
  local hasSpoken = sign > (head.lh or 0)
  if hasSpoken then head.lh = sign end
  if hasSpoken or head.ak ~= 'stale' then head.ak, head.as = nil, nil end
  if ARGV[8] ~= '' then head.ak, head.as = ARGV[8], tonumber(ARGV[9]) end
  head.cn, head.cs, head.ct = ARGV[11], ARGV[12], tonumber(ARGV[13])
  head.u = AT
end
