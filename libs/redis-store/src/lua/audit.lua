-- Tells a change of this migration in its audit stream, in the same script as the change. Nothing cuts, edits or
-- removes an entry. `told`: i candidate, n run attempt, b and f what was before and after (scalars only), r reason in
-- place of the author's. The entries of one candidate (of ordinal `ord`) are a chain: each names the one before it.
local function audit(action, told, ord)
  local stream, newest = BASE .. 'au', ord and blockOf('al', ord)
  if ord then told.p = call('HGET', newest, ord) end
  local id = call('XADD', stream, '*', unpack(auditFields(action, told)))
  if ord then call('HSET', newest, ord, id) end
  audited = 1
end
