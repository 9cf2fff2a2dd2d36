-- Takes over references to audit entries. Of each migration it is remembered up to which entry: references go on only
-- from there, so that none is left out and none comes twice, whoever else derives at the same time.
-- KEYS: stream, marks. ARGV: of each migration its id, the mark read, number of entries, and of each entry id,
-- candidate, actor, action. Replies the migrations whose mark was another one.
local behind, at = {}, 1

-- By how many ms a reference ever stood later, or earlier, than its entry: readers of a time range look so much further.
local function widen(reference, entry)
  local by = tonumber(string.match(reference, '^%d+')) - tonumber(string.match(entry, '^%d+'))
  local name = by >= 0 and '!late' or '!early'
  by = math.abs(by)
  if by > tonumber(redis.call('HGET', KEYS[2], name) or 0) then redis.call('HSET', KEYS[2], name, by) end
end

while at <= #ARGV do
  local id, mark, count = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  at = at + 3
  if (redis.call('HGET', KEYS[2], id) or '') == mark then
    for i = at, at + 4 * (count - 1), 4 do
      local reference = redis.call(
        'XADD', KEYS[1], '*', 'a', ARGV[i + 3], 'w', ARGV[i + 2], 'i', ARGV[i + 1], 'm', id, 'e', ARGV[i]
      )
      widen(reference, ARGV[i])
    end
    if count > 0 then redis.call('HSET', KEYS[2], id, ARGV[at + 4 * (count - 1)]) end
  else
    behind[#behind + 1] = id
  end
  at = at + 4 * count
end
return behind
