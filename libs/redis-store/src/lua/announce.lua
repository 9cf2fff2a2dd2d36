-- Registers or replaces a definition; the revision grows only when it changed. Candidates and runs are not touched.
-- ARGV: at, definition.
-- @include keys
local at, definition = ARGV[1], ARGV[2]
if known == 0 then
  call('SET', SEQ, 0)
  call('HSET', M, 'd', definition, 'rev', 1, 'ca', at, 'ua', at)
elseif call('HGET', M, 'd') ~= definition then
  call('HSET', M, 'd', definition, 'ua', at)
  call('HINCRBY', M, 'rev', 1)
end
call('HSET', M, 'la', at)
local version = call('HINCRBY', M, 'ver', 1)
-- By which the list of all migrations is known to be behind.
call('HSET', M, 'dv', version)
local kept = call('HMGET', M, 'rev', 'ca', 'ua', 'la')
return { version, countsText(), unpack(kept) }
