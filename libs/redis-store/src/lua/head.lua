-- The head of a run: scalars only, so that cjson may read and write it. Texts that it must not touch (steps, inputs,
-- manifest, candidate) lie in hashes of their own. Absent = never left not_started.
local function readHead(ord)
  local text = call('HGET', blockOf('r', ord), ord)
  if text then return cjson.decode(text), text end
  return { s = 'not_started', last = 0 }, false
end

local function readView(ord)
  return call('HGET', blockOf('v', ord), ord)
end

-- What refuses a write: the run that stands there, as texts.
local function refused(ord)
  local _, head = readHead(ord)
  return { { 'status', head, readView(ord) } }
end
