-- A strict reader of JSON (RFC 8259, UTF-8). What two readers could understand differently is refused, because the
-- server behind the gateway has a reader of its own: duplicate keys, lone surrogates, NUL, trailing data, numbers that
-- are no finite double. Depth and number of values are bounded, so that a message cannot keep the worker busy.
--
-- Texts, numbers and booleans become Lua's own; null becomes NULL; lists and objects become
-- { items = { … }, count = n } and { fields = { … }, count = n }, so that an empty list is no empty object.

local NULL = {}
local byte, char, find, sub = string.byte, string.char, string.find, string.sub
local floor, huge = math.floor, math.huge

-- Ends the reading. A table, so that it is told apart from a mistake in this program.
local function unreadable(why)
  error({ unreadable = why }, 0)
end

-- Number of code points, or nil where the text is not UTF-8 (overlong forms and surrogates are not).
local function utf8_length(text)
  local size = #text
  if not find(text, "[\128-\255]") then return size end
  local at, count = 1, 0
  while at <= size do
    local first = byte(text, at)
    local more, low, high = 0, 128, 191
    if first >= 128 then
      if first >= 194 and first <= 223 then more = 1
      elseif first == 224 then more, low = 2, 160
      elseif first == 237 then more, high = 2, 159
      elseif first >= 225 and first <= 239 then more = 2
      elseif first == 240 then more, low = 3, 144
      elseif first >= 241 and first <= 243 then more = 3
      elseif first == 244 then more, high = 3, 143
      else return nil end
      local second = byte(text, at + 1)
      if not second or second < low or second > high then return nil end
      for offset = 2, more do
        local next_byte = byte(text, at + offset)
        if not next_byte or next_byte < 128 or next_byte > 191 then return nil end
      end
    end
    at = at + more + 1
    count = count + 1
  end
  return count
end

local function utf8_char(code)
  if code < 0x80 then return char(code) end
  if code < 0x800 then return char(0xC0 + floor(code / 64), 0x80 + code % 64) end
  if code < 0x10000 then
    return char(0xE0 + floor(code / 4096), 0x80 + floor(code / 64) % 64, 0x80 + code % 64)
  end
  return char(
    0xF0 + floor(code / 262144),
    0x80 + floor(code / 4096) % 64,
    0x80 + floor(code / 64) % 64,
    0x80 + code % 64
  )
end

local ESCAPES = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

-- What is being read, and how far, and whether it holds more than ASCII. One text at a time: nothing here waits for anything,
-- and functions that are made anew for every text cost a third of the reading.
local text, at, wide, values, max_depth, max_values

local function skip_blanks()
  local c = byte(text, at)
  while c == 32 or c == 10 or c == 13 or c == 9 do
    at = at + 1
    c = byte(text, at)
  end
  return c
end

-- \uXXXX at `from`, which points to the first digit; a surrogate must have its other half behind it.
local function unicode_escape(from)
  local digits = string.match(text, "^%x%x%x%x", from) or unreadable("bad escape")
  local code = tonumber(digits, 16)
  if code == 0 then unreadable("NUL in text") end
  if code < 0xD800 or code > 0xDFFF then return utf8_char(code), from + 4 end
  local low = tonumber(string.match(text, "^\\u(%x%x%x%x)", from + 4) or "0", 16)
  if code > 0xDBFF or low < 0xDC00 or low > 0xDFFF then unreadable("lone surrogate") end
  return utf8_char(0x10000 + (code - 0xD800) * 1024 + (low - 0xDC00)), from + 10
end

-- `at` points to the opening quote.
local function read_text()
  local from = at + 1
  local to = from
  local c = byte(text, to)
  while c and c > 31 and c ~= 34 and c ~= 92 do
    if c > 127 then wide = true end
    to = to + 1
    c = byte(text, to)
  end
  if c == 34 then
    at = to + 1
    return sub(text, from, to - 1)
  end
  local parts = {}
  while c == 92 do
    parts[#parts + 1] = sub(text, from, to - 1)
    local letter = sub(text, to + 1, to + 1)
    if letter == "u" then
      parts[#parts + 1], from = unicode_escape(to + 2)
    else
      parts[#parts + 1] = ESCAPES[letter] or unreadable("bad escape")
      from = to + 2
    end
    to = from
    c = byte(text, to)
    while c and c > 31 and c ~= 34 and c ~= 92 do
      if c > 127 then wide = true end
      to = to + 1
      c = byte(text, to)
    end
  end
  if c ~= 34 then unreadable(c and "control character in text" or "text without an end") end
  parts[#parts + 1] = sub(text, from, to - 1)
  at = to + 1
  return table.concat(parts)
end

local function read_number()
  local _, to = find(text, "^-?%d+", at)
  if not to then unreadable("value expected") end
  if find(text, "^-?0%d", at) then unreadable("leading zero") end
  local _, fraction = find(text, "^%.%d+", to + 1)
  to = fraction or to
  local _, exponent = find(text, "^[eE][+-]?%d+", to + 1)
  to = exponent or to
  local number = tonumber(sub(text, at, to))
  if not number or number ~= number or number == huge or number == -huge then unreadable("bad number") end
  at = to + 1
  return number
end

local read_value

local function read_object(depth)
  local fields, count = {}, 0
  at = at + 1
  if skip_blanks() == 125 then
    at = at + 1
    return { fields = fields, count = 0 }
  end
  while true do
    if skip_blanks() ~= 34 then unreadable("key expected") end
    local key = read_text()
    if fields[key] ~= nil then unreadable("duplicate key") end
    if skip_blanks() ~= 58 then unreadable("colon expected") end
    at = at + 1
    fields[key] = read_value(depth + 1)
    count = count + 1
    local c = skip_blanks()
    at = at + 1
    if c == 125 then return { fields = fields, count = count } end
    if c ~= 44 then unreadable("comma expected") end
  end
end

local function read_list(depth)
  local items, count = {}, 0
  at = at + 1
  if skip_blanks() == 93 then
    at = at + 1
    return { items = items, count = 0 }
  end
  while true do
    count = count + 1
    items[count] = read_value(depth + 1)
    local c = skip_blanks()
    at = at + 1
    if c == 93 then return { items = items, count = count } end
    if c ~= 44 then unreadable("comma expected") end
  end
end

read_value = function(depth)
  values = values + 1
  if values > max_values then unreadable("too many values") end
  if depth > max_depth then unreadable("too deep") end
  local c = skip_blanks()
  if c == 34 then return read_text() end
  if c == 123 then return read_object(depth) end
  if c == 91 then return read_list(depth) end
  if c == 116 and sub(text, at, at + 3) == "true" then
    at = at + 4
    return true
  end
  if c == 102 and sub(text, at, at + 4) == "false" then
    at = at + 5
    return false
  end
  if c == 110 and sub(text, at, at + 3) == "null" then
    at = at + 4
    return NULL
  end
  return read_number()
end

local function decode(given, depth, most)
  text, at, wide, values, max_depth, max_values = given, 1, false, 0, depth, most
  local value = read_value(1)
  skip_blanks()
  if at <= #text then unreadable("trailing data") end
  -- Outside of texts there is nothing but ASCII.
  if wide and not utf8_length(text) then unreadable("not UTF-8") end
  return value
end

-- JSON's name of a value's type.
local function kind(value)
  if type(value) ~= "table" then return type(value) end
  if value == NULL then return "null" end
  return value.items and "array" or "object"
end

-- A text as JSON writes it. The text is UTF-8 already.
local function quote(text)
  return '"' .. string.gsub(text, '[%z\1-\31"\\\127]', function(c)
    return string.format("\\u%04x", byte(c))
  end) .. '"'
end
