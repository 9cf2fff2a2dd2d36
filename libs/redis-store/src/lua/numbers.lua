-- Every whole number in a text, in order.
local function numbersIn(text)
  local values = {}
  for value in string.gmatch(text or '', '%-?%d+') do values[#values + 1] = tonumber(value) end
  return values
end
