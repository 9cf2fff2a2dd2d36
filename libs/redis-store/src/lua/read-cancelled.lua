-- A page of cancelled attempts, the newest first. ARGV: number to stay below (or ''), limit.
-- Replies the lowest number looked at and the records; 0 when there is no further one; -1 for an unknown migration.
-- @include keys
if known == 0 then return { -1, {} } end
local newest, limit = tonumber(call('HGET', M, 'cseq') or 0), tonumber(ARGV[2])
local number = ARGV[1] == '' and newest or math.min(tonumber(ARGV[1]) - 1, newest)
local records, steps = {}, limit + 1000
while number > 0 and #records < limit and steps > 0 do
  local record = call('HGET', blockOf('c', number), number)
  -- Attempts that were completed lie among them.
  if cjson.decode(string.match(record, '^[^\n]*')).o == nil then records[#records + 1] = record end
  number, steps = number - 1, steps - 1
end
return { number > 0 and number + 1 or 0, records }
