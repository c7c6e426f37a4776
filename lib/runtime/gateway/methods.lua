-- Methods that the configuration opens beside calls of tools: what each may carry, and what it may name. Of names and URIs
-- those are taken that are listed to the letter, or that begin as a listed one does and go on so plainly that no server can
-- read them as another: nothing to decode, nowhere to climb. Where no method is opened this part is left out.

-- Parameters of each. To a server that ignores case, "URI" is "uri": so what is not named here is refused.
local TAKES = {
  ["completion/complete"] = { _meta = true, ref = true, argument = true, context = true },
  ["prompts/get"] = { _meta = true, name = true, arguments = true, inputResponses = true, requestState = true },
  ["prompts/list"] = { _meta = true, cursor = true },
  ["resources/list"] = { _meta = true, cursor = true },
  ["resources/read"] = { _meta = true, uri = true, inputResponses = true, requestState = true },
  ["resources/subscribe"] = { _meta = true, uri = true },
  ["resources/templates/list"] = { _meta = true, cursor = true },
  ["resources/unsubscribe"] = { _meta = true, uri = true },
  ["subscriptions/listen"] = { _meta = true, notifications = true },
}
local CHANGES = { toolsListChanged = true, promptsListChanged = true, resourcesListChanged = true }
local MOST_CURSOR, MOST_VALUES, MOST_URIS = 1024, 32, 50

for method in pairs(OPENED) do assert(TAKES[method], "HMCP_POLICY opens an unknown method") end

-- What stands behind a listed beginning.
local function is_plain(rest)
  if find(rest, "[^%w_.~@+,=/-]") then return false end
  for segment in string.gmatch(rest .. "/", "([^/]*)/") do
    if segment == "" or find(segment, "^%.+$") then return false end
  end
  return true
end

local function is_allowed(allow, text)
  if allow.exact[text] then return true end
  for _, start in ipairs(allow.starts) do
    if sub(text, 1, #start) == start and is_plain(sub(text, #start + 1)) then return true end
  end
  return false
end

-- What a message names, and the parameter that says so; nothing where it is missing or no text.
local function named(method, params)
  if method == "prompts/get" then return params.name, "name" end
  if method == "completion/complete" then
    local ref = kind(params.ref) == "object" and params.ref or {}
    if ref.type == "ref/prompt" then return ref.name, "ref" end
    return ref.uri, "ref"
  end
  return params.uri, "uri"
end

-- Who reads the record learns what was named: its text if it stands in the configuration, or if that says so.
local function described_names(method, its, params)
  if not its.allow then return nil end
  local about = {}
  local function tell(parameter, value, schema)
    about[#about + 1] = '"' .. parameter .. '":' .. described(value, schema)
  end
  local name, parameter = named(method, params)
  if kind(name) == "string" then tell(parameter, name, { log = its.log or its.allow.exact[name] }) end
  local asked = kind(params.notifications) == "object" and params.notifications.resourceSubscriptions
  if asked then tell("resourceSubscriptions", asked, {}) end
  if params.arguments ~= nil then tell("arguments", params.arguments, {}) end
  return about[1] and table.concat(about, ",")
end

local function check_type(value, path, type)
  if value == nil then argument_invalid(path, "missing") end
  if kind(value) ~= type then argument_invalid(path, "type") end
end

local function check_object(its, name, parameter)
  check_type(name, parameter, "string")
  if is_allowed(its.allow, name) then return end
  refuse({
    status = 400, code = -32602, message = "unknown name, or not allowed to this client", reason = "object-denied",
    detail = parameter, soft = true,
  })
end

local function check_length(value, path, most)
  check_type(value, path, "string")
  if length_read(value) > most then argument_invalid(path, "length") end
end

-- Texts by name, as the arguments of a prompt. What they may be called only the server knows.
local function check_values(object, path, most)
  if object == nil then return end
  check_type(object, path, "object")
  if size_of(object) > MOST_VALUES then argument_invalid(path, "fields") end
  for name, value in pairs(object) do
    if name ~= 0 then
      if not find(name, "^[%w_.-]+$") or #name > 128 then argument_invalid(path, "unknown argument") end
      check_length(value, path, most)
    end
  end
end

local function check_members(object, known, path)
  check_type(object, path, "object")
  if has_others(object, known) then argument_invalid(path, "unknown argument") end
  return object
end

local function check_completion(its, params)
  local ref = check_members(params.ref, { type = true, name = true, uri = true, title = true }, "ref")
  local of_prompt = ref.type == "ref/prompt"
  if not of_prompt and ref.type ~= "ref/resource" then argument_invalid("ref.type", "value not allowed") end
  if ref[of_prompt and "uri" or "name"] ~= nil then argument_invalid("ref", "unknown argument") end
  check_object(its, named("completion/complete", params))
  local argument = check_members(params.argument, { name = true, value = true }, "argument")
  check_length(argument.name, "argument.name", 128)
  check_length(argument.value, "argument.value", its.values)
  if params.context ~= nil then
    check_values(check_members(params.context, { arguments = true }, "context").arguments, "context.arguments", its.values)
  end
end

local function check_subscription(its, params)
  check_type(params.notifications, "notifications", "object")
  for name, value in pairs(params.notifications) do
    if CHANGES[name] then
      check_type(value, "notifications", "boolean")
    elseif name == "resourceSubscriptions" then
      check_type(value, "notifications", "array")
      if value[0] > MOST_URIS then argument_invalid("notifications", "items") end
      for index = 1, value[0] do check_object(its, value[index], "notifications") end
    elseif name ~= 0 then
      argument_invalid("notifications", "unknown argument")
    end
  end
end

-- A message of a method that this client may send.
local function check_opened(client, record, notes, method, its, params)
  if has_others(params, TAKES[method]) then malformed("unknown parameter", -32602) end
  check_scopes(its, client, notes)
  if params.cursor ~= nil then check_length(params.cursor, "cursor", MOST_CURSOR) end
  if method == "completion/complete" then
    check_completion(its, params)
  elseif method == "subscriptions/listen" then
    check_subscription(its, params)
  elseif its.allow then
    check_object(its, named(method, params))
    check_values(params.arguments, "arguments", its.values)
  end
  record:set("hmcp", "method", method)
  set_limit(record, "method_all", its.limit)
  if its.each then set_limit(record, "method_each", its.each) end
end
