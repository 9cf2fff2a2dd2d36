-- Registers or replaces a definition; the revision grows only when it changed. Candidates and runs are not touched.
-- ARGV: at, definition, 1 when the list of migrations has it already: then its own keys were lost; author.
-- @include keys
-- @include author
local audited = 0
-- @include audit
local at, definition = ARGV[1], ARGV[2]
if known == 0 then
  call('SET', SEQ, 0)
  -- What the first attempts of its candidates are numbered by: '-' waits for `settle`, see lua/attempts.lua.
  call('HSET', M, 'd', definition, 'rev', 1, 'ca', at, 'ua', at, 'fa', ARGV[3] == '1' and '?' or '-')
  audit('announce', { f = { revision = 1 } })
elseif call('HGET', M, 'd') ~= definition then
  call('HSET', M, 'd', definition, 'ua', at)
  local revision = call('HINCRBY', M, 'rev', 1)
  audit('announce', { b = { revision = revision - 1 }, f = { revision = revision } })
end
call('HSET', M, 'la', at)
local version = call('HINCRBY', M, 'ver', 1)
-- By which the list of all migrations is known to be behind.
call('HSET', M, 'dv', version)
local kept = call('HMGET', M, 'rev', 'ca', 'ua', 'la')
kept[5] = call('HGET', M, 'fa')
return { version, summaryText(), audited, unpack(kept, 1, 5) }
