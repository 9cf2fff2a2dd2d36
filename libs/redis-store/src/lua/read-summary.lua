-- What spans migrations tells of one. Replies the number of its newest change, its summary, the number of the announce of
-- its definition, and 1 where its counts were not told; with ARGV 1 = 'definition' also that, revision, times of creation,
-- change and announce.
-- @include keys
if known == 0 then return {} end
local version, announced, quiet = unpack(call('HMGET', M, 'ver', 'dv', 'qc'))
local summary = { version, summaryText(), announced or version, quiet or 0 }
if ARGV[1] == 'definition' then
  for i, value in ipairs(call('HMGET', M, 'd', 'rev', 'ca', 'ua', 'la')) do summary[4 + i] = value end
end
return summary
