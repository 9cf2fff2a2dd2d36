-- Replaces the run of candidate ID, with its counts, its indexes and its stream entries.
local function standing(head)
  return { s = head.s, ak = head.ak, w = head.w }
end

local function unmark(token, ord, member)
  call('SETBIT', BASE .. 'b:' .. token, ord, 0)
  call('HINCRBY', M, 'n:' .. token, -1)
  if token ~= 's=not_started' then call('ZREM', BASE .. 'x:' .. token, member) end
end

local function mark(token, ord, member)
  call('SETBIT', BASE .. 'b:' .. token, ord, 1)
  call('HINCRBY', M, 'n:' .. token, 1)
  if token ~= 's=not_started' then call('ZADD', BASE .. 'x:' .. token, 0, member) end
end

-- Attention has one index of its kind by id, and by the time since when (`head.as`) one of its kind and one of all.
local function moveAttention(was, head, ord, member)
  if was.ak ~= head.ak then
    if was.ak then
      unmark('a=' .. was.ak, ord, member)
      call('ZREM', BASE .. 'at:' .. was.ak, member)
    end
    if head.ak then mark('a=' .. head.ak, ord, member) end
  end
  if head.ak then call('ZADD', BASE .. 'at:' .. head.ak, head.as, member) end
  if was.ak and not head.ak then
    call('ZREM', ATT, member)
    call('SETBIT', BASE .. 'b:a=any', ord, 0)
    call('HINCRBY', M, 'n:a=any', -1)
  elseif head.ak then
    call('ZADD', ATT, head.as, member)
    if not was.ak then
      call('SETBIT', BASE .. 'b:a=any', ord, 1)
      call('HINCRBY', M, 'n:a=any', 1)
    end
  end
end

-- Whether a migrator is waited for, that may be silent: not while the run is to end, or is held by us, and not where
-- the step has a deadline of its own, at which it fails (`head.dl`: numbers of such steps, each between commas).
local function waitsFor(head)
  if head.s ~= 'running' or head.ca or head.h or (head.cs ~= 'in_progress' and head.cs ~= 'open') then return false end
  return not (head.dl and string.find(head.dl, ',' .. head.cur .. ',', 1, true))
end

-- Runs that wait for a migrator lie in an index of the status of their step, by the last sign of life (`head.lh`), until
-- they are found to be stale (mark-stale.lua).
local function watch(was, head, member)
  local waits = waitsFor(head)
  if head.ak == 'stale' and not waits then head.ak, head.as = nil, nil end
  head.w = waits and head.lh and not head.ak and head.cs or nil
  if was.w and was.w ~= head.w then call('ZREM', BASE .. 'si:' .. was.w, member) end
  if head.w then call('ZADD', BASE .. 'si:' .. head.w, head.lh, member) end
end

-- `view`: nil leaves it, false removes it.
local function write(ord, was, head, view)
  local member = ID .. '\0' .. ord
  head.t = AT
  watch(was, head, member)
  call('HSET', blockOf('r', ord), ord, cjson.encode(head))
  if view then call('HSET', blockOf('v', ord), ord, view) end
  if view == false then call('HDEL', blockOf('v', ord), ord) end
  if was.s ~= head.s then
    unmark('s=' .. was.s, ord, member)
    mark('s=' .. head.s, ord, member)
  end
  moveAttention(was, head, ord, member)
  call('ZADD', UPD, -MS, member)
  emit('t', 'c', 'i', ID, 's', head.s, 'n', head.n or 0, 'a', head.ak or '', 'u', AT)
  if was.s ~= head.s or was.ak ~= head.ak then emitCounts() end
end

-- Once a first act is recorded there is nothing more to give back.
local function firstAct(ord, head)
  head.ik = nil
  head.rp = nil
  head.b = nil
  call('ZREM', UN, ID .. '\0' .. ord)
  call('HDEL', blockOf('v', ord), ord .. ':q')
end
