-- As much of Envoy's handle as the gateway's program uses, and nothing more, so that a call of anything else fails. Gives
-- the class of handles; each instance has header_map, metadata, notes and text (the body, "" where there is none).

local ordinary = pairs
function pairs(of)
  if type(of) ~= "table" or not rawget(of, "map") then return ordinary(of) end
  return function(_, name)
    return (next(of.map, name))
  end, nil, nil
end

-- What was fetched before the body was waited for must not be used any more: in Envoy its life is over.
local generation = 0
local function alive(object)
  if object.born ~= generation then error("object used after its life", 3) end
end

local Headers = {}
Headers.__index = Headers
function Headers:get(name)
  alive(self)
  local all = self.map[name]
  return all and table.concat(all, ",")
end
function Headers:getNumValues(name)
  alive(self)
  return self.map[name] and #self.map[name] or 0
end
function Headers:remove(name)
  alive(self)
  self.map[name] = nil
end
function Headers:replace(name, value)
  alive(self)
  assert(type(value) == "string", "a header is a text")
  self.map[name] = { value }
end

-- Every look at a record gives tables of its own, and what is set is written down at once.
local function copy(value)
  if type(value) ~= "table" then return value end
  local to = {}
  for key, item in ordinary(value) do to[key] = copy(item) end
  return to
end

local Record = {}
Record.__index = Record
function Record:get(name)
  alive(self)
  return copy(self.map[name])
end
function Record:set(name, key, value)
  alive(self)
  assert(value ~= nil, "nothing to be set")
  self.map[name] = self.map[name] or {}
  self.map[name][key] = copy(value)
end

-- Texts by name, made by one factory: what is no text would end the program in Envoy, too.
local Notes = {}
Notes.__index = Notes
function Notes:get(name)
  alive(self)
  return self.map[name]
end
function Notes:set(name, factory, text)
  alive(self)
  assert(type(name) == "string" and factory == "envoy.string" and type(text) == "string", "no note")
  self.map[name] = text
end

local Handle = {}
Handle.__index = Handle
local function wrap(class, map)
  return setmetatable({ map = map, born = generation }, class)
end
function Handle:headers()
  return wrap(Headers, self.header_map)
end
function Handle:streamInfo()
  return {
    dynamicMetadata = function() return wrap(Record, self.metadata) end,
    filterState = function() return wrap(Notes, self.notes) end,
  }
end
function Handle:body()
  generation = generation + 1
  local text = self.text
  if text == "" then return nil end
  return {
    length = function() return #text end,
    getBytes = function(_, from, count) return text:sub(from + 1, from + count) end,
  }
end
function Handle:respond(headers, body)
  assert(not self.answer, "two answers")
  self.answer = { status = headers[":status"], body = body, headers = headers }
end
function Handle:logErr(text)
  self.logged = text
end

return Handle, ordinary
