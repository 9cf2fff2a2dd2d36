-- A page of migrations by id. KEYS: ids, definitions, counts, controls, archived ids. ARGV: id to go on after (or ''),
-- limit, 1 for those that are archived, else the others.
-- Replies what is kept of all, the id to go on after ('' at the end), then id, definition and summary of each.
local CHUNK, MOST_LOOKED_AT = 100, 5000
local limit, wanted = tonumber(ARGV[2]), ARGV[3] == '1'
local ids, after, isEnd, looked = {}, ARGV[1], false, 0

local function take(chunk)
  local archived = not wanted and #chunk > 0 and redis.call('ZMSCORE', KEYS[5], unpack(chunk))
  for i, id in ipairs(chunk) do
    if #ids > limit then return end
    after = id
    if wanted or not archived[i] then ids[#ids + 1] = id end
  end
end

-- One more than the page, so that the last page is known as such.
while #ids <= limit and not isEnd and looked < MOST_LOOKED_AT do
  local from, many = after == '' and '-' or '(' .. after, math.max(limit + 1, CHUNK)
  local chunk = redis.call('ZRANGEBYLEX', wanted and KEYS[5] or KEYS[1], from, '+', 'LIMIT', 0, many)
  isEnd = #chunk < many
  looked = looked + #chunk
  take(chunk)
end

local found = { redis.call('HGETALL', KEYS[4]), '' }
if #ids > limit then
  found[2] = ids[limit]
elseif not isEnd then
  found[2] = after
end
for i = 1, math.min(#ids, limit) do
  found[3 * i] = ids[i]
  found[3 * i + 1] = redis.call('HGET', KEYS[2], ids[i])
  found[3 * i + 2] = redis.call('HGET', KEYS[3], ids[i])
end
return found
