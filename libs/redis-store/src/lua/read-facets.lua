-- Values with counts of fields; the hashes are bounded (facets.lua). ARGV: `k` or `meta:<key>` of each.
-- Replies 1 when a field has more values than its hash, and the hash, of each.
-- @include keys
if known == 0 then return { 'unknown' } end
local found = { 'facets' }
for _, name in ipairs(ARGV) do
  local field = name
  if name ~= 'k' then
    local number = call('HGET', BASE .. 'mk', string.sub(name, 6))
    if not number then return { 'not_indexed', string.sub(name, 6), call('HGETALL', BASE .. 'mk') } end
    field = 'm' .. number
  end
  found[#found + 1] = call('HEXISTS', M, 'ov:' .. field)
  found[#found + 1] = call('HGETALL', BASE .. 'fv:' .. field)
end
return found
