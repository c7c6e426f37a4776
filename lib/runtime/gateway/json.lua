-- A strict reader of JSON (RFC 8259, UTF-8). What two readers could understand differently is refused, because the
-- server behind the gateway has a reader of its own: duplicate keys, lone surrogates, NUL, trailing data, numbers that
-- are no finite double. Depth and number of values are bounded, so that a message cannot keep the worker busy.
--
-- Texts, numbers and booleans become Lua's own; null becomes NULL. A list or an object becomes one table with all that is in
-- it, which says at [0] how much that is: n of a list, -1 - n of an object, so that an empty list is no empty object. No
-- name in an object is a number.

local NULL = {}
-- A table with room: to make room later costs as much as to read what goes in.
local new_table = require("table.new")
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

-- JSON's name of a value's type.
local function kind(value)
  if type(value) ~= "table" then return type(value) end
  if value == NULL then return "null" end
  return value[0] < 0 and "object" or "array"
end

-- How much is in a list or an object.
local function size_of(value)
  local count = value[0]
  return count < 0 and -1 - count or count
end

-- A text as JSON writes it, the bytes of a pattern by their numbers.
local function escaped(text, pattern)
  return '"' .. string.gsub(text, pattern, function(c)
    return string.format("\\u%04x", byte(c))
  end) .. '"'
end

-- A text that is UTF-8 already.
local function quote(text)
  return escaped(text, '[%z\1-\31"\\\127]')
end

-- The reader, and what is told of texts in what it has read last.
local decode, quote_read, length_read
do
  local ESCAPES = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

  -- What is being read. One text at a time: nothing here waits for anything.
  local text
  -- Whether it is printable ASCII without a backslash, as nearly all that is sent: then a text in it ends at the next quote, is as
  -- long as its bytes, and is written as it stands.
  local plain_ascii

  local function is_plain_ascii(given)
    for index = 1, #given do
      local c = byte(given, index)
      if c < 32 or c == 92 or c > 126 then return false end
    end
    return true
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

  -- Every reader takes where it begins, and gives what it has read and where that ends. `at` is behind the opening quote.
  local function read_text(at)
    if plain_ascii then
      local to = find(text, '"', at, true) or unreadable("text without an end")
      return sub(text, at, to - 1), to + 1
    end
    local parts, from = nil, at
    while true do
      local c = byte(text, at)
      while c and c > 31 and c ~= 34 and c ~= 92 do
        at = at + 1
        c = byte(text, at)
      end
      if c ~= 34 and c ~= 92 then unreadable(c and "control character in text" or "text without an end") end
      local part = sub(text, from, at - 1)
      if c == 34 then
        if parts then parts[#parts + 1] = part end
        return parts and table.concat(parts) or part, at + 1
      end
      parts = parts or {}
      parts[#parts + 1] = part
      local letter = sub(text, at + 1, at + 1)
      if letter == "u" then
        parts[#parts + 1], at = unicode_escape(at + 2)
      else
        parts[#parts + 1] = ESCAPES[letter] or unreadable("bad escape")
        at = at + 2
      end
      from = at
    end
  end

  local function read_number(at, c)
    -- Most are whole and short.
    local to, whole = at, 0
    while c and c > 47 and c < 58 do
      whole, to = whole * 10 + c - 48, to + 1
      c = byte(text, to)
    end
    if to > at and to - at < 16 and c ~= 46 and c ~= 69 and c ~= 101 and (byte(text, at) ~= 48 or to == at + 1) then
      return whole, to
    end
    local _
    _, to = find(text, "^-?%d+", at)
    if not to then unreadable("value expected") end
    if find(text, "^-?0%d", at) then unreadable("leading zero") end
    local _, fraction = find(text, "^%.%d+", to + 1)
    to = fraction or to
    local _, exponent = find(text, "^[eE][+-]?%d+", to + 1)
    to = exponent or to
    local number = tonumber(sub(text, at, to))
    if not number or number ~= number or number == huge or number == -huge then unreadable("bad number") end
    return number, to + 1
  end

  -- `c` is its first byte.
  local function read_scalar(at, c)
    if c == 34 then return read_text(at + 1) end
    if c == 116 and sub(text, at, at + 3) == "true" then return true, at + 4 end
    if c == 102 and sub(text, at, at + 4) == "false" then return false, at + 5 end
    if c == 110 and sub(text, at, at + 3) == "null" then return NULL, at + 4 end
    return read_number(at, c)
  end

  local function skip_blanks(at)
    local c = byte(text, at)
    while c == 32 or c == 10 or c == 13 or c == 9 do
      at = at + 1
      c = byte(text, at)
    end
    return at, c
  end

  -- What is around that which is being read. These are kept, because to make them and their room anew costs as much as to read
  -- a message; what was in them is not.
  local outer, outer_keys, outer_counts, outer_ends = {}, {}, {}, {}

  -- What a text has left there: one that could not be read until the next one comes. Around the first level there is nothing.
  local function forget()
    local level = 2
    while outer[level] do
      outer[level], outer_keys[level] = nil, nil
      level = level + 1
    end
  end

  -- One loop with stacks of its own, and no functions that call each other: LuaJIT makes better code of it. `key` is the last
  -- one of the object that is being read.
  local function read_document(max_depth, max_values)
    local at, c = skip_blanks(1)
    local values, level = 0, 0
    -- Of what is being read: its members, how many there are, and the bracket that ends it.
    local members, key, count, ends
    while true do
      values = values + 1
      if values > max_values then unreadable("too many values") end
      if level >= max_depth then unreadable("too deep") end
      local value
      local opens = c == 123 or c == 91
      if opens then
        level = level + 1
        outer[level], outer_keys[level], outer_counts[level], outer_ends[level] = members, key, count, ends
        key, count, ends = nil, 0, c + 2
        at, c = skip_blanks(at + 1)
        -- With room for what most hold: names need theirs apart from the table, so what will be empty gets none.
        members = ends == 125 and c ~= 125 and new_table(1, 4) or new_table(4, 0)
      else
        value, at = read_scalar(at, c)
        at, c = skip_blanks(at)
        if level == 0 then return value, at end
        count = count + 1
        members[key or count] = value
      end
      -- Whatever ends here, and then a comma; before the first member there is none.
      while c == ends do
        members[0], value = ends == 125 and -1 - count or count, members
        members, key, count, ends = outer[level], outer_keys[level], outer_counts[level], outer_ends[level]
        level, opens = level - 1, false
        at, c = skip_blanks(at + 1)
        if level == 0 then return value, at end
        count = count + 1
        members[key or count] = value
      end
      if not opens then
        if c ~= 44 then unreadable("comma expected") end
        at, c = skip_blanks(at + 1)
      end
      if ends == 125 then
        if c ~= 34 then unreadable("key expected") end
        key, at = read_text(at + 1)
        if members[key] ~= nil then unreadable("duplicate key") end
        at, c = skip_blanks(at)
        if c ~= 58 then unreadable("colon expected") end
        at, c = skip_blanks(at + 1)
      end
    end
  end

  decode = function(given, depth, most)
    forget()
    text, plain_ascii = given, is_plain_ascii(given)
    local value, at = read_document(depth, most)
    forget()
    if at <= #text then unreadable("trailing data") end
    -- Outside of texts there is nothing but ASCII.
    if not plain_ascii and not utf8_length(text) then unreadable("not UTF-8") end
    return value
  end

  -- The same of a text that stands in what was read last, and how long such a text is, in code points.
  quote_read = function(text)
    return plain_ascii and '"' .. text .. '"' or quote(text)
  end
  length_read = function(text)
    return plain_ascii and #text or utf8_length(text)
  end
end
