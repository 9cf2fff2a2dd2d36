-- A page of failed step attempts, the newest first. KEYS: references, texts. ARGV: reference to go on after (or ''), limit.
-- Replies the reference of the last one told ('' when no further one is kept) and the texts.
local from, limit = 0, tonumber(ARGV[2])
if ARGV[1] ~= '' then
  local rank = redis.call('ZREVRANK', KEYS[1], ARGV[1])
  -- What is no longer kept has nothing older behind it.
  if not rank then return { '', {} } end
  from = rank + 1
end
local refs = redis.call('ZREVRANGE', KEYS[1], from, from + limit)
local more = table.remove(refs, limit + 1)
if #refs == 0 then return { '', {} } end
return { more and refs[#refs] or '', redis.call('HMGET', KEYS[2], unpack(refs)) }
