-- Names a value of kind or metadata in keys; a long one, or one with a NUL, by its digest.
local function tokenOf(field, value)
  if #value > 64 or string.find(value, '%z') then return field .. '#' .. redis.sha1hex(value) end
  return field .. '=' .. value
end
