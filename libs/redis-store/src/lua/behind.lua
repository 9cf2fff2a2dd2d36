-- Which definitions the list of all migrations has not, or older. KEYS: definitions. ARGV: migration and the number of
-- its announce, of each. Replies migrations.
local behind = {}
for i = 1, #ARGV, 2 do
  local listed = redis.call('HGET', KEYS[1], ARGV[i])
  if not listed or tonumber(string.match(listed, '^%d+')) < tonumber(ARGV[i + 1]) then behind[#behind + 1] = ARGV[i] end
end
return behind
