-- A page of cancelled attempts, the newest first. ARGV: number to stay below (or ''), limit.
-- Replies the lowest number told and the records; 0 when there is no further one; -1 for an unknown migration.
-- @include keys
if known == 0 then return { -1, {} } end
local newest = tonumber(call('HGET', M, 'cseq') or 0)
local from = ARGV[1] == '' and newest or math.min(tonumber(ARGV[1]) - 1, newest)
local to = math.max(from - tonumber(ARGV[2]) + 1, 1)
local records = {}
for number = from, to, -1 do records[#records + 1] = call('HGET', blockOf('c', number), number) end
return { to > 1 and to or 0, records }
