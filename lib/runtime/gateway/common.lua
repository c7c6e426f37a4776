-- What both stages of the gateway need: the policy, and answers.

-- Plain Lua tables of a decoded document, for data that we wrote ourselves.
local function plain(value)
  if type(value) ~= "table" then return value end
  local to = {}
  for key, item in pairs(value) do
    if key ~= 0 then to[key] = plain(item) end
  end
  return to
end

-- Without a complete policy the gateway does not start.
local POLICY = plain(decode(POLICY_TEXT, 32, 2000000))
assert(POLICY.v == 1, "HMCP_POLICY has another version")
for _, name in ipairs({ "resource", "era", "versions", "methods", "depth", "values", "timeout", "clients", "tools", "windows" }) do
  assert(POLICY[name] ~= nil, "HMCP_POLICY lacks " .. name)
end
local OPENED = POLICY.opened or {}
for _, its in pairs(OPENED) do its.timeout = string.format("%d", its.timeout) end
for _, tool in pairs(POLICY.tools) do
  tool.timeout = string.format("%d", tool.timeout)
  for name, schema in pairs(tool.fields) do schema.told = "," .. quote(name) .. ":" end
end
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

-- Whether an object has a name that is none of these.
local function has_others(object, known)
  for name in pairs(object) do
    if name ~= 0 and not known[name] then return true end
  end
  return false
end

-- Names a limit for the filters behind. Where limits are exact, the service that counts is told the number itself.
local function set_limit(record, name, calls)
  record:set("hmcp", name, calls)
  if POLICY.exact then record:set("hmcp", name .. "_rate", { requests_per_unit = tonumber(calls), unit = "MINUTE" }) end
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

-- One text under a name, for filters behind, for whoever reads the answer, and for the audit line.
local function leave(notes, name, text)
  notes:set(name, "envoy.string", text)
end

-- What the audit line tells of a call lies there as JSON, which Envoy writes as it stands: `caller`, `message` and `answer`,
-- each with its name. As values of Envoy's own they cost a sixth of a call.
local function note_message(notes, state)
  if not state.method then return end
  leave(notes, "hmcp.message", ',"message":{"method":"' .. state.method .. '"' .. (state.message or "") .. "}")
end

-- Whether this is the stage that judges messages. What is told of whoever is not proven yet Envoy writes, and makes JSON of it;
-- behind the proof we do.
local OF_MESSAGE = STAGE == "policy"

local function note_reason(notes, answer)
  leave(notes, "hmcp.reason", answer.reason)
  if answer.detail then leave(notes, "hmcp.detail", OF_MESSAGE and quote(answer.detail) or answer.detail) end
end

-- Answers with an error.
local function respond(handle, answer, state)
  local notes = handle:streamInfo():filterState()
  note_message(notes, state)
  note_reason(notes, answer)
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
    handle:logErr("gateway: " .. tostring(problem))
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

-- The first of some scopes that a client's token lacks. `mine` are those it has, with a blank around each. Who has no token is
-- bound by the list of his tools alone; a token without a note of its scopes fails here, which refuses the call.
local function missing_scope(scopes, client, mine)
  if client.by ~= "jwt" then return nil end
  for _, scope in ipairs(scopes or {}) do
    if not find(mine, " " .. scope .. " ", 1, true) then return scope end
  end
end

local function check_scopes(its, client, notes)
  local scope = its.scopes and missing_scope(its.scopes, client, notes:get("hmcp.scopes"))
  if not scope then return end
  refuse({
    status = 403, code = CODE.forbidden, message = "insufficient scope", reason = "scope-missing", detail = scope,
    challenge = challenge("insufficient_scope", table.concat(its.scopes, " ")),
  })
end

-- What whoever reads the answer must know, in one text. It is left when all is judged, as the mark that the rule behind
-- this filter demands.
local function mark_of(method, state, tool)
  local what = method == "tools/list" and "l" or method == "tools/call" and "c" or "o"
  return "ok" .. what .. (state.legacy and "l" or "m") .. (tool or "") .. " " .. (state.id or "")
end
