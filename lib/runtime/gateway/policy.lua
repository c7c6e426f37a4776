-- The judge: one JSON-RPC message, of a revision and method that the policy knows, whose headers say what the body
-- says, and a tool call that this client may make now with these arguments. Its last line sets the mark that the rule
-- behind this filter demands; nothing reaches the server without it.

-- Without "task": a call that goes on after its answer would escape its timeout.
local PARAMETERS = { name = true, arguments = true, _meta = true, inputResponses = true, requestState = true }
local MEMBERS = { jsonrpc = true, id = true, method = true, params = true, result = true, error = true }
local NO_ARGUMENTS = {}
local VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
local TIMEOUT_HEADER = "x-envoy-upstream-rq-timeout-ms"

for _, tool in pairs(POLICY.tools) do place(tool, "arguments") end

local METHODS = {}
for _, method in ipairs(POLICY.methods) do METHODS[method] = true end
-- As server/discover has it: those of the modern era, where it is spoken. The older ones are agreed upon by initialize.
local SUPPORTED, TOLD = {}, POLICY.era == "legacy" and "legacy" or "modern"
for version, era in pairs(POLICY.versions) do
  if era == TOLD then SUPPORTED[#SUPPORTED + 1] = quote(version) end
end
table.sort(SUPPORTED)
SUPPORTED = "[" .. table.concat(SUPPORTED, ",") .. "]"

local function mismatch(message)
  refuse({ status = 400, code = -32020, message = message, reason = "header-mismatch", detail = message })
end

-- A header of the protocol, which may stand once.
local function once(headers, name)
  local value = headers:get(name)
  if value and find(value, ",", 1, true) and headers:getNumValues(name) > 1 then mismatch(name .. " is repeated") end
  return value
end

-- What can be told from the headers, before a byte of the body is read. What clients send to the letter needs no closer look:
-- of a header that stands twice both values would be there.
local function check_headers(headers, state)
  if headers:get(":method") ~= "POST" then
    refuse({ status = 405, code = CODE.verb, message = "method not allowed", reason = "verb-not-allowed", allow = "POST" })
  end
  if headers:get("content-encoding") then malformed("content-encoding is not accepted", -32600, 415) end
  local content = headers:get("content-type") or ""
  if content ~= "application/json" then
    content = string.gsub(string.lower(content), "%s", "")
    if headers:getNumValues("content-type") ~= 1
      or content ~= "application/json" and content ~= "application/json;charset=utf-8" then
      malformed("content-type must be application/json", -32600, 415)
    end
  end
  local accept = headers:get("accept") or ""
  if accept ~= "application/json, text/event-stream" then
    accept = "," .. string.gsub(string.lower(accept), "%s", "") .. ","
    if not find(accept, ",*/*", 1, true)
      and not (find(accept, ",application/json[,;]") and find(accept, ",text/event%-stream[,;]")) then
      malformed("accept must list application/json and text/event-stream", -32600, 406)
    end
  end
  state.version = once(headers, "mcp-protocol-version")
  state.said_method, state.said_name = once(headers, "mcp-method"), once(headers, "mcp-name")
end

local function read_message(body)
  local size = body and body:length() or 0
  if size == 0 then malformed("empty body", -32700) end
  local fine, message = pcall(decode, body:getBytes(0, size), POLICY.depth, POLICY.values)
  if not fine then
    if type(message) ~= "table" then error(message, 0) end
    malformed("invalid JSON: " .. message.unreadable, -32700)
  end
  if kind(message) == "array" then malformed("batches are not accepted") end
  if kind(message) ~= "object" then malformed("not a JSON-RPC message") end
  return message
end

-- The id as JSON text, for the answer; nil where there is none.
local function read_id(id, state)
  if id == nil then return nil end
  local is = kind(id)
  if is == "string" and #id <= 128 then return quote(id) end
  if is == "number" and id % 1 == 0 and math.abs(id) <= 9007199254740991 then return string.format("%d", id) end
  malformed("invalid id")
end

-- A response of the client to a request of the server: only in the legacy era.
local function is_response(message)
  if message.method ~= nil then return false end
  local one = (message.result == nil) ~= (message.error == nil)
  if message.id == nil or not one or message.params ~= nil or POLICY.era == "modern" then
    malformed("not a JSON-RPC message")
  end
  return true
end

local function check_envelope(message)
  if message.jsonrpc ~= "2.0" then malformed("jsonrpc must be 2.0") end
  if has_others(message, MEMBERS) then malformed("unknown member") end
end

local function check_method(message, state)
  local method = message.method
  if not METHODS[method] and (kind(method) ~= "string" or #method > 128 or not find(method, "^[%w_/.-]+$")) then
    malformed("invalid method")
  end
  if message.result ~= nil or message.error ~= nil then malformed("not a JSON-RPC message") end
  state.method = method
  local notification = sub(method, 1, 14) == "notifications/"
  if notification ~= (message.id == nil) then malformed("id missing or not allowed") end
  if message.params ~= nil and kind(message.params) ~= "object" then malformed("params must be an object", -32602) end
  return method, notification
end

-- The revision of the protocol: what the header says, which the body must not contradict.
local function check_version(header, params, notification, state)
  local meta = params._meta
  local body = kind(meta) == "object" and meta[VERSION_KEY] or nil
  if body ~= nil and body ~= header then mismatch("MCP-Protocol-Version does not match the body") end
  if not header and POLICY.era == "modern" then mismatch("MCP-Protocol-Version is missing") end
  local era = header and POLICY.versions[header] or not header and "legacy"
  if not era or POLICY.era == "modern" and era ~= "modern" then
    refuse({
      status = 400, code = -32022, message = "unsupported protocol version", reason = "version-unsupported",
      data = '{"supported":' .. SUPPORTED .. ',"requested":' .. header_text(header or "", 32) .. "}",
    })
  end
  if era == "modern" and body == nil and not notification then
    malformed("params._meta names no protocol version", -32602)
  end
  state.legacy = era == "legacy"
  return era
end

-- Methods that name something which the header Mcp-Name repeats, and the parameter that does.
local MIRRORED = { ["tools/call"] = "name", ["prompts/get"] = "name", ["resources/read"] = "uri" }

local function check_mirrors(state, method, params, era)
  local name
  if MIRRORED[method] then
    name = params[MIRRORED[method]]
    if kind(name) ~= "string" or #name > 512 then malformed("name is missing", -32602) end
  end
  local said_method, said_name = state.said_method, state.said_name
  -- What may be named is safe in headers, so nobody needs the encoded form, and a rule on the plain name must not be dodged.
  if said_name and sub(said_name, 1, 2) == "=?" then mismatch("Mcp-Name is encoded") end
  if era == "modern" and (not said_method or name and not said_name) then mismatch("Mcp-Method or Mcp-Name is missing") end
  if said_method and said_method ~= method or said_name and said_name ~= name then
    mismatch("Mcp-Method or Mcp-Name does not match the body")
  end
  return name
end

-- The same words for both; the reason in the audit record tells them apart.
local function no_such_tool(reason)
  refuse({
    status = 400, code = -32602, message = "unknown tool, or not allowed to this client", reason = reason, soft = true,
  })
end

local function open_now(window)
  local now = os.time()
  for _, interval in ipairs(POLICY.windows[window] or {}) do
    if now >= interval[1] and now < interval[2] then return true end
  end
  return false
end

-- What can be read of a call is noted before anything else of it is judged: a call that is refused for its headers or its
-- version is told of with its tool and arguments, too.
local function note_call(state, params)
  local name, arguments = params.name, params.arguments
  if kind(name) ~= "string" then return end
  local tool = POLICY.tools[name]
  local args = tool and kind(arguments) == "object" and describe(arguments, tool.fields)
  local shown = tool and name or #name <= 128 and find(name, "^[%w_.-]+$") and name or "(invalid)"
  state.message = ',"tool":"' .. shown .. '"'
    .. (args and ',"args":{' .. args .. "}" or "")
end

-- Who calls, by what the first stage has written of him.
local CALLERS = {}
for client, its in pairs(POLICY.clients) do CALLERS[its.by .. ":" .. client] = client end

local function name_of_caller(headers)
  return CALLERS[headers:get(CLIENT_HEADER)]
end

local function client_of_call(headers)
  return POLICY.clients[name_of_caller(headers)]
end

-- Who reads a list: his name, and the scopes of his token.
local function note_reader(headers, notes)
  local client = name_of_caller(headers)
  leave(notes, "hmcp.reader", client .. "\n" .. (POLICY.clients[client].by == "jwt" and notes:get("hmcp.scopes") or ""))
end

local function no_such_method(reason)
  refuse({ status = 404, code = -32601, message = "method not found", reason = reason, soft = true })
end

local function check_call(headers, record, notes, name, params)
  -- To a server that ignores case, "Name" is "name".
  if has_others(params, PARAMETERS) then malformed("unknown parameter", -32602) end
  local tool = POLICY.tools[name]
  if not tool then no_such_tool("tool-unknown") end
  local arguments = params.arguments
  if arguments == nil then
    arguments = NO_ARGUMENTS
  elseif kind(arguments) ~= "object" then
    argument_invalid("arguments", "type")
  end
  local client = client_of_call(headers)
  if not client or not client.may[name] then no_such_tool("tool-denied") end
  check_scopes(tool, client, notes)
  if tool.window and not open_now(tool.window) then
    refuse({
      status = 400, code = CODE.closed, message = "the tool is not open at this time", reason = "outside-window",
      soft = true,
    })
  end
  for pattern in pairs(gathered) do gathered[pattern] = nil end
  depth = 0
  check_fields(arguments, tool)
  for pattern, values in pairs(gathered) do leave(notes, "hmcp.pattern." .. pattern, values) end
  record:set("hmcp", "tool", name)
  set_limit(record, "all", tool.limit)
  if tool.each then set_limit(record, "each", tool.each) end
  headers:replace(TIMEOUT_HEADER, tool.timeout)
end

-- The end of every way to the server: what was found, and with it the mark.
local function pass(_headers, record, state, mark)
  if state.legacy then record:set("hmcp", "legacy", "yes") end
  note_message(state.notes, state)
  if state.id then leave(state.notes, "hmcp.id", '"id":' .. state.id .. ",") end
  leave(state.notes, "hmcp.asked", mark)
end

local function judge(handle, state)
  check_headers(handle:headers(), state)
  local body = handle:body()
  -- Waiting for the body has ended the life of every object that was fetched before.
  local headers = handle:headers()
  local info = handle:streamInfo()
  local record = info:dynamicMetadata()
  state.notes = info:filterState()
  local message = read_message(body)
  state.id = read_id(message.id, state)
  check_envelope(message)
  if is_response(message) then
    state.method = "(response)"
    return pass(headers, record, state, mark_of(nil, state))
  end
  local method, notification = check_method(message, state)
  local params = message.params or {}
  local opened = OPENED[method]
  if method == "tools/call" then
    note_call(state, params)
  elseif opened then
    local args = described_names(method, opened, params)
    if args then state.message = ',"args":{' .. args .. "}" end
  end
  local era = check_version(state.version, params, notification, state)
  if not METHODS[method] and not notification and (not opened or opened.era and opened.era ~= era) then
    no_such_method("method-unknown")
  end
  local name = check_mirrors(state, method, params, era)
  if method == "tools/call" then
    check_call(headers, record, state.notes, name, params)
  elseif opened then
    local client = client_of_call(headers)
    if not client or not client.opens[method] then no_such_method("method-denied") end
    check_opened(client, record, state.notes, method, opened, params)
    headers:replace(TIMEOUT_HEADER, opened.timeout)
    -- No tool has such a name.
    name = method
  end
  if method == "tools/list" then note_reader(headers, state.notes) end
  pass(headers, record, state, mark_of(method, state, name))
end
