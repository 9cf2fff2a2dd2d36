-- Replaces the run of candidate ID, with its counts, its indexes and its stream entries.
local function standing(head)
  return { s = head.s, ak = head.ak }
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

-- Attention has one index of its kind and one of all kinds, which orders by the time since when (`head.as`).
local function moveAttention(was, head, ord, member)
  if was.ak ~= head.ak then
    if was.ak then unmark('a=' .. was.ak, ord, member) end
    if head.ak then mark('a=' .. head.ak, ord, member) end
  end
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

-- `view`: nil leaves it, false removes it.
local function write(ord, was, head, view)
  local member = ID .. '\0' .. ord
  head.t = AT
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
  if was.s ~= head.s or (not was.ak) ~= (not head.ak) then emitCounts() end
end

-- Once a first act is recorded there is nothing more to give back.
local function firstAct(ord, head)
  head.ik = nil
  head.rp = nil
  head.b = nil
  call('ZREM', UN, ID .. '\0' .. ord)
  call('HDEL', blockOf('v', ord), ord .. ':q')
end
