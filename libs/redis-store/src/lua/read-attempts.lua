-- A page of the attempts of one candidate, the newest first. ARGV: id, number of the record to go on at (or ''), limit.
-- Replies nothing for an unknown candidate; else head and view of its run (on the first page, where there is one), the
-- number to go on at (0 at the end) and records of attempts that are over.
-- @include keys
-- @include head
local ord = known == 1 and find(ARGV[1])
if not ord then return {} end
local number, limit, text, view = tonumber(ARGV[2]), tonumber(ARGV[3]), false, false
if not number then
  number = tonumber(call('HGET', blockOf('ca', ord), ord) or 0)
  local head, stored = readHead(ord)
  if head.s == 'running' or head.s == 'completed' then
    text, view, limit = stored, readView(ord), limit - 1
  end
end
local records = {}
while number > 0 and #records < limit do
  local record = call('HGET', blockOf('c', number), number)
  local line = record and cjson.decode(string.match(record, '^[^\n]*'))
  -- A cursor of somebody's own making may name the record of another candidate.
  if not line or line.i ~= ARGV[1] then break end
  records[#records + 1] = record
  number = line.p or 0
end
return { text, view, #records == limit and number or 0, records }
