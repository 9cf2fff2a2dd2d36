-- What spans migrations tells of one. Replies the number of its newest change, its summary, and the number of the announce
-- of its definition; with ARGV 1 = 'definition' also that, revision, times of creation, change and announce.
-- @include keys
if known == 0 then return {} end
local version, announced = unpack(call('HMGET', M, 'ver', 'dv'))
local summary = { version, summaryText(), announced or version }
if ARGV[1] == 'definition' then
  for i, value in ipairs(call('HMGET', M, 'd', 'rev', 'ca', 'ua', 'la')) do summary[3 + i] = value end
end
return summary
