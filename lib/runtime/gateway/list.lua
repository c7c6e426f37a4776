-- The list of tools as its reader may see it: what he may call. The others are cut out of the text; what stays keeps every
-- byte. A tool that is closed at this hour is shown: clients keep a list, and are told when they call.

-- Levels and values of a list: schemas nest deeper than messages of clients may.
local LIST_DEPTH, LIST_VALUES = 64, 200000

-- Whether the caller may call a tool by this name, here or, of a server in two services, in the other one.
local function shown(name, mine)
  local client = POLICY.clients[mine.client]
  if client.may[name] then return not missing_scope(POLICY.tools[name].scopes, client, mine.scopes) end
  local other = POLICY.listed and POLICY.listed[mine.client]
  return other ~= nil and other[name] ~= nil and not missing_scope(other[name], client, mine.scopes)
end

-- Where the items of a list begin and end. `at` points to its bracket.
local function spans(text, at)
  local found, c = {}, nil
  at, c = skip(text, at + 1)
  while c ~= 93 do
    local to = behind(text, at)
    found[#found + 1] = { at, to - 1 }
    at, c = skip(text, to)
    if c == 44 then at, c = skip(text, at + 1) end
  end
  return found, at
end

-- A message without the tools that are not shown, and how many those are; the message itself where it holds no list.
local function shorten(text, mine)
  local message = decode(text, LIST_DEPTH, LIST_VALUES)
  local result = kind(message) == "object" and message.result
  local tools = kind(result) == "object" and result.tools
  if not tools then return text, 0 end
  if kind(tools) ~= "array" then broken() end
  local from = members(text, members(text, 1).result).tools
  local found, to = spans(text, from)
  if #found ~= tools[0] then broken() end
  local kept = {}
  for index, span in ipairs(found) do
    local tool = tools[index]
    local name = kind(tool) == "object" and tool.name
    if type(name) == "string" and shown(name, mine) then kept[#kept + 1] = sub(text, span[1], span[2]) end
  end
  return sub(text, 1, from) .. table.concat(kept, ",") .. sub(text, to), tools[0] - #kept
end
