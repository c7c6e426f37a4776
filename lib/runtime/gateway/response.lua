-- What the server answers. Says in the record how a call ended, cuts lists to what their reader may call, and refuses what
-- is too long, cannot be read, or holds what must not get out. A message in JSON is read whole, and no more than it may be;
-- of a stream whole events go on, so that what is refused is an event, never half of one.
--
-- Envoy lets an answer go on when a script fails: so every failure is caught here, and what follows it is not sent.

-- Envoy writes it on what the server answers, and on nothing that it answers itself.
local FROM_SERVER = "x-envoy-upstream-service-time"
-- Of an answer, where the tool says nothing else.
local MOST = 1048576

local TOO_LARGE = { status = 400, soft = true, code = -31502, reason = "response-too-large", message = "the answer is too long" }
local UNREADABLE = { status = 502, code = -31502, reason = "response-unreadable", message = "the answer cannot be read" }
local BROKEN_OFF = { status = 502, code = -32603, reason = "server-unavailable", message = "the server broke off" }
local FAILED = { status = 500, code = -32603, reason = "internal", message = "internal error" }

local function reader_of(notes)
  local client, scopes = string.match(notes:get("hmcp.reader"), "^(.-)\n(.*)$")
  return { client = client, scopes = scopes }
end

-- What was asked, and how its answer may be. Gives who reads, of a list.
local function recall(notes, state)
  local asked = notes:get("hmcp.asked")
  local blank = find(asked, " ", 5, true)
  local tool, id = sub(asked, 5, blank - 1), sub(asked, blank + 1)
  local its = POLICY.tools[tool] or OPENED[tool] or {}
  state.list, state.legacy, state.id = sub(asked, 3, 3) == "l", sub(asked, 4, 4) == "l", id ~= "" and id or nil
  state.most = its.most or MOST
  if its.refuse then state.refuse = its.refuse end
  -- What lasts is no answer: each of its events may be as long as one.
  if tool == "subscriptions/listen" then state.lasting = true end
  return state.list and reader_of(notes)
end

local FOLLOWS = { hex = "^%x+", alphanumeric = "^%w+", base64url = "^[%w_-]+" }

local function begins_leak(text, rule)
  local from = 1
  while true do
    local _, to = find(text, rule.startsWith, from, true)
    if not to then return false end
    if rule.atLeast == 0 then return true end
    local _, last = find(text, FOLLOWS[rule["then"]], to + 1)
    if last and last - to >= rule.atLeast then return true end
    from = to + 1
  end
end

-- The name of what a text must not hold, if it does.
local function leak_in(text, refuse)
  -- Letters and digits may be written by their numbers.
  if find(text, "\\u00", 1, true) then
    text = string.gsub(text, "\\u00(%x%x)", function(digits) return char(tonumber(digits, 16)) end)
  end
  for _, leak in ipairs(refuse) do
    for _, rule in ipairs(leak.rules) do
      if begins_leak(text, rule) then return leak.name end
    end
  end
end

local function refuse_leak(name)
  error({ answer = {
    status = 400, soft = true, code = -31502, reason = "response-refused", message = "the answer is refused", detail = name,
  } }, 0)
end

-- How a message answers: "ok", "tool-error", or "error" with its code; nil where it is no answer.
local function outcome_of(text)
  local is_error, error_flag = find(text, '"error"', 1, true), find(text, "isError", 1, true)
  -- As official servers write it: nothing to look for inside.
  if not is_error and not error_flag
    and (find(text, '^{"result":') or find(text, '^{"jsonrpc":"2.0","id":[^,{]*,"result":')) then
    return "ok"
  end
  local at = members(text, 1) or broken()
  if at.method then return nil end
  if at.error then
    local its = members(text, at.error)
    -- Of no more digits than a number keeps.
    local code = its and its.code and string.match(text, "^(-?%d+)[,}%s]", its.code)
    return "error", code and #code <= 15 and tonumber(code) or nil
  end
  if not at.result then return nil end
  local result = error_flag and members(text, at.result)
  return result and result.isError and sub(text, result.isError, result.isError + 3) == "true" and "tool-error" or "ok"
end

local function note(notes, state)
  leave(notes, "hmcp.answer", ',"answer":{"outcome":"' .. (state.outcome or "none") .. '"'
    .. (state.code and ',"code":' .. string.format("%d", state.code) or "") .. ',"bytes":' .. state.bytes
    .. (state.list and ',"hidden":' .. state.hidden or "") .. "}")
end

-- Judges one message, and gives it as it goes on.
local function judge_message(text, state, mine)
  if state.refuse then
    local leak = leak_in(text, state.refuse)
    if leak then refuse_leak(leak) end
  end
  local outcome, code = outcome_of(text)
  if outcome then state.outcome, state.code = outcome, code end
  if not mine then return text end
  local hidden
  text, hidden = shorten(text, mine)
  state.hidden = state.hidden + hidden
  return text
end

local function note_refusal(notes, answer, state)
  note_reason(notes, answer)
  return note(notes, state)
end

-- What went wrong, as an answer.
local function answer_to(problem, handle)
  if type(problem) == "table" then return problem.answer or UNREADABLE end
  handle:logErr("gateway: " .. tostring(problem))
  return FAILED
end

-- A message in JSON: nothing of it has gone out before it is judged.
local function whole_message(handle, state, content, status)
  local body = handle:body()
  -- Only now, because waiting for the body ends the life of every object that was fetched before.
  local notes = handle:streamInfo():filterState()
  local mine = recall(notes, state)
  state.bytes = body and body:length() or 0
  if state.bytes == 0 then return note(notes, state) end
  if state.bytes > state.most then error({ answer = TOO_LARGE }, 0) end
  local text = body:getBytes(0, state.bytes)
  if content == "application/json" then
    local changed = judge_message(text, state, mine)
    if changed ~= text then body:setBytes(changed) end
  else
    -- Pages of errors are the server's own business; what says that all is well must be an answer.
    if find(status, "^2") then broken() end
    local leak = state.refuse and leak_in(text, state.refuse)
    if leak then refuse_leak(leak) end
  end
  return note(notes, state)
end

-- One event of a stream: its lines of data are one message. What is no line of data here must be none to any reader: some end
-- lines elsewhere, too, and all take away a byte order mark. (By `data` alone readers add an empty line, a blank of JSON.)
local function judge_event(event, state, mine)
  if not find(event, "data", 1, true) then return event end
  local data, others = {}, {}
  for line in string.gmatch(event, "([^\n]*)\n") do
    if sub(line, -1) == "\r" then line = sub(line, 1, -2) end
    local value = string.match(line, "^data: ?(.*)$")
    if find(line, value and "\r" or "[^\t -~]") then broken() end
    if value then data[#data + 1] = value elseif line ~= "" then others[#others + 1] = line end
  end
  local text = table.concat(data, "\n")
  if not find(text, "%S") then return event end
  local changed = judge_message(text, state, mine)
  if changed == text then return event end
  others[#others + 1] = "data: " .. string.gsub(changed, "\n", "\ndata: ")
  return table.concat(others, "\n") .. "\n\n"
end

-- The events that are complete now, judged; the rest waits for its end. Looks at every byte once, however small the chunks.
local function judge_events(chunk, state, mine)
  local parts = state.parts
  parts[#parts + 1] = chunk
  local probe = state.tail .. chunk
  if not find(probe, "\n\r?\n") then
    state.tail = sub(probe, -2)
    return ""
  end
  local text = table.concat(parts)
  local out, from = {}, 1
  while true do
    local _, to = find(text, "\n\r?\n", from)
    if not to then break end
    out[#out + 1] = judge_event(sub(text, from, to), state, mine)
    from = to + 1
  end
  local rest = sub(text, from)
  state.parts, state.tail, state.waiting = { rest }, sub(rest, -2), #rest
  return table.concat(out)
end

-- One chunk of a stream, as it goes on, or nothing if as it came. An empty one is its end.
local function judge_chunk(state, mine, chunk, size)
  state.bytes, state.waiting = state.bytes + size, state.waiting + size
  if (state.lasting and state.waiting or state.bytes) > state.most then error({ answer = TOO_LARGE }, 0) end
  if size == 0 then
    if state.id and not state.outcome then error({ answer = BROKEN_OFF }, 0) end
    return nil
  end
  local text = chunk:getBytes(0, size)
  local going = judge_events(text, state, mine)
  return going ~= text and going or nil
end

-- A stream. After a refusal, which is its last event, nothing of it goes on.
local function events(handle, state)
  state.parts, state.tail, state.waiting = {}, "", 0
  local notes = handle:streamInfo():filterState()
  local mine = recall(notes, state)
  note(notes, state)
  local ended = false
  for chunk in handle:bodyChunks() do
    local size = chunk:length()
    if ended then
      if size > 0 then chunk:setBytes("") end
    else
      local fine, going = pcall(judge_chunk, state, mine, chunk, size)
      if not fine then
        ended = true
        local answer = answer_to(going, handle)
        note_refusal(handle:streamInfo():filterState(), answer, state)
        going = "event: message\ndata: " .. error_text(answer, state.id) .. "\n\n"
      else
        note(handle:streamInfo():filterState(), state)
      end
      if going then chunk:setBytes(going) end
    end
  end
end

local function judge_response(handle, state)
  local headers = handle:headers()
  if not headers:get(FROM_SERVER) then return end
  headers:remove(FROM_SERVER)
  -- Another protocol, another place, or a number that is none: clients would follow, or not understand.
  local status = headers:get(":status")
  if not find(status, "^[245]") then error({ answer = UNREADABLE }, 0) end
  local content = headers:get("content-type") or ""
  if content ~= "application/json" then content = string.match(string.lower(content), "^[^;%s]*") end
  local encoded = headers:get("content-encoding")
  if encoded and encoded ~= "identity" then error({ answer = UNREADABLE }, 0) end
  if content == "text/event-stream" then
    -- What goes on may be shorter or longer: behind a length that is wrong the next answer of the connection would be read
    -- as a part of this one.
    headers:remove("content-length")
    return events(handle, state)
  end
  whole_message(handle, state, content, status)
end

-- The answer of which nothing has gone out yet becomes an error.
local function replace(handle, answer, state)
  local body = handle:body(true)
  local headers = handle:headers()
  -- For its number. That nobody asked is no reason to let it go on.
  pcall(function() recall(handle:streamInfo():filterState(), state) end)
  headers:replace(":status", answer.soft and state.legacy and "200" or tostring(answer.status))
  headers:replace("content-type", "application/json")
  headers:remove("content-encoding")
  body:setBytes(error_text(answer, state.id))
  note_refusal(handle:streamInfo():filterState(), answer, state)
end

local function guarded_response(handle)
  local state = new_table(0, 8)
  state.bytes, state.hidden = 0, 0
  local fine, problem = pcall(judge_response, handle, state)
  if not fine then replace(handle, answer_to(problem, handle), state) end
end
