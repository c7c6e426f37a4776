-- Runs one stage of the gateway's program on cases that say all it may see, and tells all that it made of each. A case is a
-- line of JSON: `run` (auth, policy or answer), `now`, `headers` as a list of pairs, `body`, and what stands already in
-- `metadata` and `notes`; so is what is told.

local Handle, ordinary = dofile(arg[0]:match("^(.*/)") .. "mock-handle.lua")
local decode, kind, quote = assert(loadstring(os.getenv("MOCK_READER") .. "\nreturn decode, kind, quote", "=reader"))()
local sha256 = assert(loadstring(os.getenv("MOCK_SHA256") .. "\nreturn sha256", "=sha256"))()

-- The clock stands where the case says.
local now
os.time = function() return now end

-- Digests are counted: some are to be made once.
local hashed = 0
local function counted(text)
  hashed = hashed + 1
  return sha256(text)
end

local function plain(value)
  if type(value) ~= "table" then return value end
  if kind(value) == "null" then return nil end
  local to = {}
  for key, item in ordinary(value) do
    if key ~= 0 then to[key] = plain(item) end
  end
  return to
end

local function told(value)
  if type(value) == "string" then return (quote(value)) end
  if type(value) == "number" then return string.format("%.17g", value) end
  if type(value) ~= "table" then return tostring(value) end
  local items = {}
  if #value > 0 then
    for index, item in ipairs(value) do items[index] = told(item) end
    return "[" .. table.concat(items, ",") .. "]"
  end
  for name, item in ordinary(value) do items[#items + 1] = quote(tostring(name)) .. ":" .. told(item) end
  table.sort(items)
  return "{" .. table.concat(items, ",") .. "}"
end

-- A body that can be replaced; of a stream, a chunk of it.
local function writable(text)
  local its = { text = text }
  function its.length() return #its.text end
  function its.getBytes(_, from, count) return its.text:sub(from + 1, from + count) end
  function its.setBytes(_, changed) its.text = changed end
  return its
end

local body_of_request = Handle.body
function Handle:body(always)
  body_of_request(self)
  if self.text == nil and not always then return nil end
  self.read = self.read or writable(self.text or "")
  return self.read
end
function Handle:bodyChunks()
  local index = 0
  return function()
    index = index + 1
    return self.chunks[index]
  end
end

local RUN = {}
for _, stage in ipairs({ "auth", "policy" }) do
  STAGE, envoy_on_response = stage, nil
  assert(loadstring(os.getenv("HMCP_LUA"), "=gateway"))(os.getenv("HMCP_POLICY"), counted)
  RUN[stage], RUN.answer = envoy_on_request, envoy_on_response
  assert((RUN.answer ~= nil) == (stage == "policy"), "answers are seen by the second stage alone")
end

for line in io.lines() do
  local case = plain(decode(line, 64, 500000))
  local headers = {}
  for _, header in ipairs(case.headers) do
    headers[header[1]] = headers[header[1]] or {}
    table.insert(headers[header[1]], header[2])
  end
  local handle = setmetatable({
    header_map = headers, metadata = case.metadata, notes = case.notes, text = case.body, chunks = {},
  }, Handle)
  for index, text in ipairs(case.chunks or {}) do handle.chunks[index] = writable(text) end
  now, hashed = case.now, 0
  local fine, problem = pcall(RUN[case.run], handle)
  local sent = {}
  for index, chunk in ipairs(handle.chunks) do sent[index] = chunk.text end
  print(told({
    answer = handle.answer, headers = headers, metadata = handle.metadata, notes = handle.notes, hashed = hashed,
    logged = handle.logged, body = handle.read and handle.read.text, chunks = sent, crashed = not fine and tostring(problem) or nil,
  }))
end
