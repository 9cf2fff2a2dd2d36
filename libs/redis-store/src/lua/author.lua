-- Who asks for a change, in which request, from where and why: the last argument of every script that is audited.
-- It is taken away here, so that no other argument has to move: w id, o role, q request id, c client, r reason, and
-- b and f: members that the JSON of what was before and after gets besides what the script knows.
local AUTHOR = cjson.decode(table.remove(ARGV))

-- The members of a raw JSON object are never decoded, only put behind those of the table.
local function objectOf(fields, raw)
  local text = fields and cjson.encode(fields) or '{}'
  if not raw or raw == '{}' then return text == '{}' and '' or text end
  if text == '{}' then return raw end
  return string.sub(text, 1, -2) .. ',' .. string.sub(raw, 2)
end

-- Fields of a stream entry, always the same ones in the same order: Redis then stores no names.
local function auditFields(action, told)
  return {
    'a', action,
    'w', AUTHOR.w,
    'o', AUTHOR.o,
    'i', told.i or '',
    'n', told.n or '',
    'b', objectOf(told.b, AUTHOR.b),
    'f', objectOf(told.f, AUTHOR.f),
    'r', told.r or AUTHOR.r or '',
    'q', AUTHOR.q or '',
    'c', AUTHOR.c or '',
    'p', told.p or '',
  }
end
