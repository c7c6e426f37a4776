-- Runs the gateway's program outside of Envoy, with the handle of mock-handle.lua. Reads cases from the standard input and
-- answers each with one line of JSON.
--
-- A case is a line with two numbers, and then so many bytes of headers (`name TAB value LF`) and of body. With `json` as
-- argument the body is only read, by json.lua itself, and the answer is what was understood.

local MODE = arg[1]
local input, output = io.stdin, io.stdout
local COVER = os.getenv("MOCK_COVER")

-- The reader, also for what Envoy hands over as tables. Not the measured copy.
local decode, kind, quote = assert(loadstring(os.getenv("MOCK_READER") .. "\nreturn decode, kind, quote", "=reader"))()

local function plain(value)
  if type(value) ~= "table" then return value end
  local to = {}
  for key, item in pairs(value) do
    if key ~= 0 then to[key] = plain(item) end
  end
  return to
end

-- Coverage: which lines have code, and which of them ran.
local has_code, ran = {}, {}
if COVER then
  jit.off()
  local util = require("jit.util")
  local function lines_of(chunk, f)
    local info = util.funcinfo(f)
    for pc = 1, info.bytecodes - 1 do has_code[chunk .. util.funcinfo(f, pc).currentline] = true end
    local n = -1
    while true do
      local constant = util.funck(f, n)
      if constant == nil then break end
      if type(constant) == "proto" then lines_of(chunk, constant) end
      n = n - 1
    end
  end
  local load = loadstring
  loadstring = function(text, name)
    local f, problem = load(text, name)
    if f then lines_of(name .. ":", f) end
    return f, problem
  end
  debug.sethook(function(_, line)
    local source = debug.getinfo(2, "S").source
    if source == "=gateway" or source == "=loader" then ran[source .. ":" .. line] = true end
  end, "l")
end

-- What stands beside this file.
local Handle, ordinary = dofile(arg[0]:match("^(.*/)") .. "mock-handle.lua")

local STAGES = {}
if MODE ~= "json" then
  for _, stage in ipairs({ "auth", "policy" }) do
    STAGE = stage
    assert(loadstring(os.getenv("HMCP_LOADER"), "=loader"))()
    STAGES[#STAGES + 1] = envoy_on_request
  end
end

local function text_or_null(value)
  return value == nil and "null" or quote(tostring(value))
end

-- Both stages one after the other, as the filters stand in Envoy; then the rule that demands the mark.
local function run_program(headers, body)
  local map, metadata = {}, {}
  for name, value in headers:gmatch("([^\t\n]+)\t([^\n]*)\n") do
    map[name] = map[name] or {}
    table.insert(map[name], value)
  end
  local notes = {}
  local handle = setmetatable({ header_map = map, metadata = metadata, notes = notes, text = body }, Handle)
  for _, stage in ipairs(STAGES) do
    stage(handle)
    if handle.answer then break end
  end
  local beginning = notes["hmcp.caller"]
  local line = beginning and plain(decode("{" .. beginning .. (notes["hmcp.message"] or "") .. "}}", 64, 100000)) or { call = {} }
  local caller, message = line.call.caller or {}, line.call.message or {}
  local marked = string.find(notes["hmcp.asked"] or "", "^ok")
  local answer = handle.answer or { status = marked and "200" or "unmarked", body = "" }
  local forwarded = {}
  for name in ordinary(map) do forwarded[#forwarded + 1] = quote(name .. ": " .. table.concat(map[name], ",")) end
  table.sort(forwarded)
  return '{"status":' .. quote(answer.status) .. ',"reason":' .. text_or_null(notes["hmcp.reason"]) .. ',"detail":'
    .. text_or_null(notes["hmcp.detail"]) .. ',"tool":' .. text_or_null(message.tool) .. ',"client":' .. text_or_null(caller.client)
    .. ',"credential":' .. text_or_null(caller.credential and caller.credential.id)
    .. ',"logged":' .. text_or_null(handle.logged) .. ',"body":' .. quote(answer.body)
    .. ',"challenge":' .. text_or_null(answer.headers and answer.headers["www-authenticate"])
    .. ',"forwarded":[' .. (handle.answer and "" or table.concat(forwarded, ",")) .. "]}"
end

-- What was read, as JSON again: numbers with every digit, so that both sides can be compared as values.
local function written(value, out)
  local is = kind(value)
  if is == "string" then
    out[#out + 1] = quote(value)
  elseif is == "number" then
    out[#out + 1] = string.format("%.17g", value)
  elseif is == "null" or is == "boolean" then
    out[#out + 1] = is == "null" and "null" or tostring(value)
  elseif is == "array" then
    out[#out + 1] = "["
    for index = 1, value[0] do
      if index > 1 then out[#out + 1] = "," end
      written(value[index], out)
    end
    out[#out + 1] = "]"
  else
    local count = 0
    out[#out + 1] = "{"
    for name, item in ordinary(value) do
      if name ~= 0 then
        if count > 0 then out[#out + 1] = "," end
        out[#out + 1] = quote(name) .. ":"
        written(item, out)
        count = count + 1
      end
    end
    assert(count == -1 - value[0], "wrong count of fields")
    out[#out + 1] = "}"
  end
end

local subject
if MODE == "json" then
  -- Its own `kind`, because its null is its own.
  subject, kind = assert(loadstring(os.getenv("MOCK_SUBJECT") .. "\nreturn decode, kind", "=gateway"))()
end

-- An answer begins with = for a value and with ! for why there is none.
local function run_reader(_, body)
  local fine, value = pcall(subject, body, 8, 60)
  if not fine then return "!" .. (type(value) == "table" and value.unreadable or "CRASH " .. tostring(value)) end
  local out = {}
  local whole, problem = pcall(written, value, out)
  return whole and "=" .. table.concat(out) or "!CRASH " .. tostring(problem)
end

local run = MODE == "json" and run_reader or run_program
while true do
  local line = input:read("*l")
  if not line then break end
  local headers, body = line:match("^(%d+) (%d+)$")
  headers, body = tonumber(headers), tonumber(body)
  output:write(run(headers > 0 and input:read(headers) or "", body > 0 and input:read(body) or ""), "\n")
end

if COVER then
  debug.sethook()
  for place in ordinary(has_code) do output:write("#", place, ran[place] and " ran" or " never", "\n") end
end
