-- Entries of an audit stream, newest first. KEYS: stream. ARGV: id to begin at, id to end at, entries wanted, entries
-- to look at, actor, action (or ''), earliest and latest time in ms (or ''). Replies the id to go on from (`(id`, or ''
-- at the end) and the entries. The time of a reference is that of the entry which it names (field e).
local wanted, steps = tonumber(ARGV[3]), tonumber(ARGV[4])
local actor, action, since, till = ARGV[5], ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8])

local function matches(id, flat)
  -- Entries and references both begin with fields a and w.
  if actor ~= '' and flat[4] ~= actor then return false end
  if action ~= '' and flat[2] ~= action then return false end
  if not since and not till then return true end
  local named = flat[9] == 'e' and flat[10] or id
  local time = tonumber(string.match(named, '^%d+'))
  return (not since or time >= since) and (not till or time <= till)
end

local found, from = {}, ARGV[1]
while steps > 0 do
  local count = math.min(steps, math.max(wanted, 100))
  local entries = redis.call('XREVRANGE', KEYS[1], from, ARGV[2], 'COUNT', count)
  for _, entry in ipairs(entries) do
    from = '(' .. entry[1]
    if matches(entry[1], entry[2]) then found[#found + 1] = entry end
    if #found == wanted then
      local more = redis.call('XREVRANGE', KEYS[1], from, ARGV[2], 'COUNT', 1)
      return { #more > 0 and from or '', found }
    end
  end
  if #entries < count then return { '', found } end
  steps = steps - count
end
return { from, found }
