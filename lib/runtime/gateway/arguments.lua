-- The arguments of a tool call, judged by the tool's schema and described for the audit record.
--
-- A schema has type, required, null (whether it is taken), log, and by type: max, min (text: code points; list: items;
-- object: fields; number: value), enum, step (of whole numbers), pattern (number of a regular expression, see below), items,
-- unique, and for objects fields, or `by` and `one`: the field whose text tells which of several objects it is.

-- Lua has no regular expressions. Values are gathered here by pattern, each behind a line feed, and the rule behind this
-- filter lets Envoy's RE2 judge them. A value with a line feed is refused, because it would be two.
local gathered = {}

-- Numbers of the items that are judged, of the outermost list first, for refusals.
local places, depth = {}

local function argument_invalid(path, what)
  local level = 0
  path = string.gsub(path, "#", function()
    level = level + 1
    return places[level]
  end)
  refuse({
    status = 400, code = -32602, message = path .. ": " .. what, reason = "argument-invalid",
    detail = path .. ": " .. what, soft = true,
  })
end

-- Each schema knows where its values stand, so that this is not put together for each of them: # is the number of an item.
local function place(schema, path)
  schema.path = path
  for name, field in pairs(schema.fields or {}) do place(field, path .. "." .. name) end
  for _, one in pairs(schema.one or {}) do place(one, path) end
  if schema.items then place(schema.items, path .. "[#]") end
end

local check_value

local function check_fields(object, schema)
  for name, field in pairs(schema.fields) do
    local value = object[name]
    if value ~= nil then
      check_value(value, field)
    elseif field.required then
      argument_invalid(field.path, "missing")
    end
  end
  -- The name is the caller's own text, so it is not repeated.
  if has_others(object, schema.fields) then argument_invalid(schema.path, "unknown argument") end
end

local function outside(number, schema)
  return schema.max and number > schema.max or schema.min and number < schema.min
end

local function check_text(text, schema, path)
  if outside(length_read(text), schema) then argument_invalid(path, "length") end
  if schema.pattern then
    if find(text, "\n", 1, true) then argument_invalid(path, "pattern") end
    gathered[schema.pattern] = (gathered[schema.pattern] or "") .. "\n" .. text
  end
end

-- Items are texts, numbers or booleans of one type.
local function check_unique(value, path)
  local seen = {}
  for index = 1, value[0] do
    local item = value[index]
    if seen[item] then argument_invalid(path, "repeated item") end
    seen[item] = true
  end
end

check_value = function(value, schema)
  if schema.null and value == NULL then return end
  local is = kind(value)
  local path, wanted = schema.path, schema.type
  if wanted == "integer" then
    -- Beyond 2^53 two readers may see two numbers.
    if is ~= "number" or value % 1 ~= 0 or value > 9007199254740991 or value < -9007199254740991 then
      argument_invalid(path, "type")
    end
  elseif is ~= wanted then
    argument_invalid(path, "type")
  end
  if schema.enum then
    local known = false
    for _, allowed in ipairs(schema.enum) do known = known or allowed == value end
    if not known then argument_invalid(path, "value not allowed") end
  end
  if is == "string" then
    check_text(value, schema, path)
  elseif is == "number" then
    if outside(value, schema) or schema.step and value % schema.step ~= 0 then argument_invalid(path, "range") end
  elseif is == "array" then
    if outside(value[0], schema) then argument_invalid(path, "items") end
    depth = depth + 1
    for index = 1, value[0] do
      places[depth] = index - 1
      check_value(value[index], schema.items)
    end
    depth = depth - 1
    if schema.unique then check_unique(value, path) end
  elseif is == "object" then
    if schema.by then
      schema = schema.one[value[schema.by]] or argument_invalid(path .. "." .. schema.by, "value not allowed")
    end
    if outside(size_of(value), schema) then argument_invalid(path, "fields") end
    check_fields(value, schema)
  end
end

-- At most 256 bytes, not ending inside a character.
local function cut(text)
  if #text <= 256 then return text end
  local to = 256
  while to > 252 and byte(text, to + 1) >= 128 and byte(text, to + 1) < 192 do to = to - 1 end
  return sub(text, 1, to)
end

-- A whole number without a fraction, and every other one so that it reads as the same.
local function number_text(number)
  return string.format(number % 1 == 0 and math.abs(number) < 1e15 and "%d" or "%.17g", number)
end

-- One argument for the audit record, as JSON: its value if the schema says so, else its type and length.
local function described(value, schema)
  local is = kind(value)
  if schema.log and is ~= "array" and is ~= "object" and is ~= "null" then
    return '{"value":' .. (is == "string" and quote_read(cut(value)) or is == "number" and number_text(value) or tostring(value)) .. "}"
  end
  local length = is == "string" and length_read(value) or (is == "array" or is == "object") and size_of(value)
  return '{"type":"' .. is .. '"' .. (length and ',"length":' .. length or "") .. "}"
end

-- Only declared arguments are described: other names are the caller's text.
local function describe(object, fields)
  local about = ""
  for name, schema in pairs(fields) do
    local value = object[name]
    if value ~= nil then about = about .. schema.told .. described(value, schema) end
  end
  return about ~= "" and sub(about, 2)
end
