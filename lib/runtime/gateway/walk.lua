-- Walks over JSON without reading it: for what comes from the server, whose text goes on as it is. Whoever walks must be
-- ready for an error, where the text is no JSON.

local function broken()
  error({ unreadable = "not JSON" }, 0)
end

-- Where the first character that is no blank stands, and which it is.
local function skip(text, at)
  at = find(text, "[^ \t\r\n]", at) or broken()
  return at, byte(text, at)
end

-- The place behind the value that begins at `at`.
local function behind(text, at)
  local c = byte(text, at)
  if c == 34 then
    repeat
      at = find(text, '["\\]', at + 1) or broken()
      c = byte(text, at)
      if c == 92 then at = at + 1 end
    until c == 34
    return at + 1
  end
  if c ~= 123 and c ~= 91 then return find(text, "[,%]} \t\r\n]", at) or #text + 1 end
  local depth = 0
  repeat
    at = find(text, '["%[%]{}]', at) or broken()
    c = byte(text, at)
    if c == 34 then
      at = behind(text, at)
    else
      depth = depth + ((c == 123 or c == 91) and 1 or -1)
      at = at + 1
    end
  until depth == 0
  return at
end

-- Where the values of an object's members begin, by name. `at` points to its brace; nil where there is none.
local function members(text, at)
  local c
  at, c = skip(text, at)
  if c ~= 123 then return nil end
  local found = {}
  at, c = skip(text, at + 1)
  while c == 34 do
    local to = behind(text, at)
    local name = sub(text, at + 1, to - 2)
    if find(name, "\\", 1, true) then name = decode(sub(text, at, to - 1), 1, 1) end
    at, c = skip(text, to)
    if c ~= 58 then broken() end
    at = skip(text, at + 1)
    -- Readers differ in which of two they take.
    if found[name] then broken() end
    found[name] = at
    at, c = skip(text, behind(text, at))
    if c == 44 then at, c = skip(text, at + 1) elseif c ~= 125 then broken() end
  end
  if c ~= 125 then broken() end
  return found
end
