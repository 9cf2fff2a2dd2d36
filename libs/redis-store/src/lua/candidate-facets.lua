-- What indexes are made of: kind (field k) and the indexed metadata keys (fields m0 … m15) of a candidate's JSON.
-- Metadata keys get numbers in the order seen; only the first sixteen are indexed.
local numbers, taken = {}, 0
local flat = call('HGETALL', BASE .. 'mk')
for i = 1, #flat, 2 do
  numbers[flat[i]] = flat[i + 1]
  taken = taken + 1
end

local function register(metadata)
  if taken >= 16 then return end
  local new = {}
  for key in pairs(metadata) do
    if not numbers[key] then new[#new + 1] = key end
  end
  table.sort(new, earlier)
  for _, key in ipairs(new) do
    if taken >= 16 then return end
    call('HSET', BASE .. 'mk', key, taken)
    numbers[key] = taken
    taken = taken + 1
  end
end

local function facetsOf(json)
  local candidate, facets = cjson.decode(json), {}
  local metadata = candidate.metadata or {}
  register(metadata)
  if candidate.kind then facets.k = candidate.kind end
  for key, value in pairs(metadata) do
    if numbers[key] then facets['m' .. numbers[key]] = value end
  end
  return facets
end
