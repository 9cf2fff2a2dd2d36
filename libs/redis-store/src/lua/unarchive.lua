-- Ends the archiving of the migration. Replies whether it was archived.
local function unarchive()
  if call('HDEL', M, 'ar') == 0 then return false end
  audit('unarchive', { b = { archived = true }, f = { archived = false } })
  return true
end
