-- Asks for a person where the migrator of a step has been silent for too long, the longest silent first.
-- ARGV: stream length, at, ms, '', runs at most, then a status of steps and the time (ms) after which one was heard of.
-- @include keys
-- @include head
-- @include events
-- @include write
local left = tonumber(ARGV[5])
local marked = 0
for i = 6, known == 1 and #ARGV or 0, 2 do
  local silent = call('ZRANGEBYSCORE', BASE .. 'si:' .. ARGV[i], '-inf', '(' .. ARGV[i + 1], 'LIMIT', 0, left)
  for _, member in ipairs(silent) do
    local id, ord = string.match(member, '^(%Z*)%z(%d+)$')
    ID = id
    local head = readHead(ord)
    local was = standing(head)
    head.ak, head.as = 'stale', head.lh
    write(ord, was, head)
  end
  left, marked = left - #silent, marked + #silent
end
return done('marked', marked)
