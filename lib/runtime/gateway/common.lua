-- What both stages of the gateway need: the policy, and answers.

-- Plain Lua tables of a decoded document, for data that we wrote ourselves.
local function plain(value)
  if type(value) ~= "table" then return value end
  local from = value.fields or value.items or {}
  local to = {}
  for key, item in pairs(from) do to[key] = plain(item) end
  return to
end

-- Without a complete policy the gateway does not start.
local POLICY = plain(decode(POLICY_TEXT, 32, 2000000))
assert(POLICY.v == 1, "HMCP_POLICY has another version")
for _, name in ipairs({ "resource", "era", "versions", "methods", "depth", "values", "timeout", "clients", "tools", "windows" }) do
  assert(POLICY[name] ~= nil, "HMCP_POLICY lacks " .. name)
end
local OPENED = POLICY.opened or {}
for client, its in pairs(POLICY.clients) do
  local may = {}
  for _, tool in ipairs(its.tools) do
    assert(POLICY.tools[tool], client .. " names an unknown tool")
    may[tool] = true
  end
  its.may = may
  its.opens = {}
  for _, method in ipairs(its.methods or {}) do
    assert(OPENED[method], client .. " names an unknown method")
    its.opens[method] = true
  end
end

-- Names a limit for the filters behind. Where limits are exact, the service that counts is told the number itself.
local function set_limit(left, name, calls)
  left[name] = calls
  if POLICY.exact then left[name .. "_rate"] = { requests_per_unit = tonumber(calls), unit = "MINUTE" } end
end

-- Ends a request. `answer` has status, code (JSON-RPC), message (constant text, or made of declared names), reason (for
-- the audit record), and at will detail, challenge (parameters of WWW-Authenticate), allow, data (JSON).
local function refuse(answer)
  error({ answer = answer }, 0)
end

-- Codes of our own refusals: 31 before the HTTP status that says the same. JSON-RPC reserves -32768 to -32000 and MCP
-- allots what is in it, so these lie outside. The answers of Envoy's own filters follow the same rule.
local CODE = {
  unauthorized = -31401, forbidden = -31403, verb = -31405, closed = -31423,
}

-- A JSON-RPC error. `id` is JSON text; where none could be read, the member is left out.
local function error_text(answer, id)
  return '{"jsonrpc":"2.0",' .. (id and '"id":' .. id .. "," or "") .. '"error":{"code":' .. string.format("%d", answer.code)
    .. ',"message":"' .. answer.message .. '"' .. (answer.data and ',"data":' .. answer.data or "") .. "}}"
end

-- What the audit line tells of a call, as one value: `caller` and `message` are left by the two stages, `answer` by whoever
-- reads it. Each is left once, for every value that is set and every one that is looked for costs; and nothing else is
-- ever left there.
local CALL = "hmcp.call"

-- What could be read of the message, whether it goes on or not.
local function note_message(record, state)
  if state.message then record:set(CALL, "message", state.message) end
end

-- One text under a name of ours, for filters behind, for whoever reads the answer, and for the audit line. Envoy keeps texts
-- apart from what `call` is made of, which it copies as a whole whenever the audit line looks for a part.
local function leave(notes, name, text)
  notes:set("hmcp." .. name, "envoy.string", text)
end

local function note_reason(notes, answer)
  leave(notes, "reason", answer.reason)
  if answer.detail then leave(notes, "detail", answer.detail) end
end

-- Answers with an error.
local function respond(handle, answer, state)
  local info = handle:streamInfo()
  note_message(info:dynamicMetadata(), state)
  note_reason(info:filterState(), answer)
  local headers = { [":status"] = tostring(answer.status), ["content-type"] = "application/json" }
  headers["allow"] = answer.allow
  headers["www-authenticate"] = answer.challenge
  handle:respond(headers, error_text(answer, state.id))
end

-- Runs `judge`. Envoy lets a request go on when a script fails, so every failure is caught and answered here; and if even
-- that failed, the rule behind this filter would refuse the request for want of the mark.
local function guarded(handle, judge, state)
  local fine, problem = pcall(judge, handle, state)
  if fine then return end
  local answer = type(problem) == "table" and problem.answer
  if not answer then
    handle:logErr("gateway: " .. tostring(type(problem) == "table" and problem.unreadable or problem))
    answer = { status = 500, code = -32603, message = "internal error", reason = "internal" }
  end
  if answer.soft and state.id and state.legacy then answer.status = 200 end
  respond(handle, answer, state)
end

-- The challenge of a 401 or 403 (RFC 6750, RFC 9728). Servers without an issuer have no metadata to point to.
local function challenge(problem, scopes)
  local parts = {}
  if problem then parts[#parts + 1] = 'error="' .. problem .. '"' end
  if POLICY.metadata then parts[#parts + 1] = 'resource_metadata="' .. POLICY.metadata .. '"' end
  if scopes and scopes ~= "" then parts[#parts + 1] = 'scope="' .. scopes .. '"' end
  if #parts == 0 then parts[1] = 'realm="mcp"' end
  return "Bearer " .. table.concat(parts, ", ")
end

local function malformed(message, code, status)
  refuse({ status = status or 400, code = code or -32600, message = message, reason = "malformed", detail = message })
end

-- The first scope that the caller's token lacks. Who has none is bound by the list of his tools alone.
local function missing_scope(scopes, mine)
  if mine.proof ~= "jwt" then return nil end
  for _, scope in ipairs(scopes or {}) do
    if not find(mine.scopes, " " .. scope .. " ", 1, true) then return scope end
  end
end

-- Who calls, as the first stage has left it, with blanks around each scope. Without it the program fails, which refuses the
-- call.
local function whose(record)
  local mine = record:get(CALL).caller
  mine.scopes = mine.proof == "jwt" and " " .. mine.credential.scopes .. " " or " "
  return mine
end

local function check_scopes(tool, record)
  if not tool.scopes then return end
  local scope = missing_scope(tool.scopes, whose(record))
  if not scope then return end
  refuse({
    status = 403, code = CODE.forbidden, message = "insufficient scope", reason = "scope-missing", detail = scope,
    challenge = challenge("insufficient_scope", table.concat(tool.scopes, " ")),
  })
end

-- What the judge leaves for whoever reads the answer. One text, because each costs.
local function remember(method, state, tool)
  local what = method == "tools/list" and "l" or method == "tools/call" and "c" or "o"
  leave(state.notes, "asked", what .. (state.legacy and "l" or "m") .. (tool or "") .. " " .. (state.id or ""))
end
