-- What each stage begins with: finds the program and the policy in their variables and starts the one with the other.
-- This part always stands in the task definition itself. The other two may come from a store, in pieces: then their
-- digests stand in the task definition, and what differs in one bit is not started.

-- The text of a variable, and of those that go on with it: NAME_2, NAME_3.
local function whole(name)
  local text = assert(os.getenv(name), name .. " is missing")
  local digest = os.getenv(name .. "_SHA256")
  if not digest then return text end
  local pieces = { text }
  while true do
    local more = os.getenv(name .. "_" .. #pieces + 1)
    if not more then break end
    pieces[#pieces + 1] = more
  end
  text = table.concat(pieces)
  assert(sha256(text) == digest, name .. " is not the one that the task definition names")
  return text
end

assert(loadstring(whole("HMCP_LUA"), "=gateway"))(whole("HMCP_POLICY"), sha256)
