-- Searches a range of packed id blocks for a text, testing each hit against the filter. The caller goes on where
-- it stopped, so that no call blocks for long however many ids there are.
-- ARGV: order, first block, blocks at most, hits after which to stop, text (lower case), 1 to count only, filter.
-- Replies: next block (or -1 at the end), hits, members, scores.
-- @include keys
-- @include token
-- @include filter
if known == 0 then return { -1, 0, {}, {} } end
local fields = parseFilter(7)
local first, most, q = tonumber(ARGV[2]), tonumber(ARGV[4]), ARGV[5]
local bits = #fields > 0 and passing(fields) or nil
local ordered = ({ upd = UPD, att = ATT })[ARGV[1]]
local blocks = math.ceil(tonumber(call('GET', SEQ)) / 1024)
local members, scores, block, hits = {}, {}, first, 0

-- The line of the packed block around position `at`: `id\0ord`, and where it ends.
local function lineAround(text, at)
  local from = at
  while from > 1 and string.byte(text, from - 1) ~= 10 do from = from - 1 end
  local to = string.find(text, '\n', at, true)
  return string.sub(text, from, to - 1), to
end

local function search(text)
  local lower, at = string.lower(text), 1
  while true do
    at = string.find(lower, q, at, true)
    if not at then return end
    local member, ends = lineAround(text, at)
    local inId = hasPart(member, q)
    if inId and (not bits or call('GETBIT', bits, ordOf(member)) == 1) then
      hits = hits + 1
      if ARGV[6] ~= '1' then
        members[hits] = member
        if ordered then scores[hits] = call('ZSCORE', ordered, member) or '0' end
      end
    end
    at = ends + 1
  end
end

while block < blocks and block < first + tonumber(ARGV[3]) and hits < most do
  search(call('GET', BASE .. 't:' .. block) or '')
  block = block + 1
end
dropTemporary()
return { block < blocks and block or -1, hits, members, scores }
