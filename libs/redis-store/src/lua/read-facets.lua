-- Values with counts of fields; the hashes are bounded (facets.lua). ARGV: `k` or `meta:<key>` of each.
-- Without any: `k` and all metadata keys, in the order seen, but one called kind.
-- Replies the name, 1 when a field has more values than its hash, and the hash, of each.
-- @include keys
if known == 0 then return { 'unknown' } end
local names, found = ARGV, { 'facets' }
if #names == 0 then
  local ordered, numbered = {}, call('HGETALL', BASE .. 'mk')
  for i = 1, #numbered, 2 do ordered[tonumber(numbered[i + 1]) + 1] = numbered[i] end
  names = { 'k' }
  for _, key in ipairs(ordered) do
    if key ~= 'kind' then names[#names + 1] = 'meta:' .. key end
  end
end
for _, name in ipairs(names) do
  local field = name
  if name ~= 'k' then
    local number = call('HGET', BASE .. 'mk', string.sub(name, 6))
    if not number then return { 'not_indexed', string.sub(name, 6), call('HGETALL', BASE .. 'mk') } end
    field = 'm' .. number
  end
  found[#found + 1] = name
  found[#found + 1] = call('HEXISTS', M, 'ov:' .. field)
  found[#found + 1] = call('HGETALL', BASE .. 'fv:' .. field)
end
return found
