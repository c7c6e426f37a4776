-- Sessions of the legacy era, which a server keeps in its memory and finds again by an id alone: who knows the id is in.
-- So a client gets the id with a proof in front of it that it is this caller's (HMAC-SHA256, RFC 2104); what it sends is
-- taken apart again, and the server sees its own id. One without the caller's proof is unknown, as if it had ended: 404, by
-- which clients begin anew. Ids come into being in answers to `initialize` and nowhere else.
--
-- Where no sessions are kept this part is left out.

if POLICY.sessions then
  local SESSION = "mcp-session-id"
  -- What is passed on of an id: visible characters, as the protocol asks, and no more of them than this.
  local ID, MOST_ID = "^[!-~]+$", 256
  local STREAM_MS = "3600000"

  local function raw(digits)
    return (string.gsub(digits, "%x%x", function(two) return char(tonumber(two, 16)) end))
  end

  -- A key of its own out of the one secret that all workers of this task have, and of the task's name, which ECS gives each
  -- container: so it lives as long as the sessions in the server's memory. The pair alone outlives them, and a server that
  -- begins to count anew would take an id of the last task for that of another caller. Nothing leads back from the key.
  local KEY = raw(sha256("hmcp session ids\n"
    .. assert(os.getenv("ECS_CONTAINER_METADATA_URI_V4"), "ECS_CONTAINER_METADATA_URI_V4 is missing") .. "\n"
    .. assert(os.getenv("HMCP_TLS_KEY"), "HMCP_TLS_KEY is missing")))

  local function padded(with)
    local bytes = {}
    for index = 1, 64 do bytes[index] = char(require("bit").bxor(byte(KEY, index) or 0, with)) end
    return table.concat(bytes)
  end
  local INNER, OUTER = padded(0x36), padded(0x5c)

  local function proof_of(who, id)
    return sha256(OUTER .. raw(sha256(INNER .. who .. "\n" .. id)))
  end

  -- Who calls, as exactly as it is known: all users of an application are one client, and each has a subject of its own.
  -- Names and ids have no line feed, so that no two callers are written alike.
  local function caller(headers, notes)
    local who = headers:get(CLIENT_HEADER)
    return sub(who, 1, 4) == "jwt:" and who .. "\n" .. notes:get("hmcp.subject") or who
  end

  local function unknown_session(why)
    refuse({ status = 404, code = -31404, message = "session not found", reason = "session-unknown", detail = why })
  end

  -- The server's own id, out of what the caller sent. Texts are compared as wholes in Lua, never letter by letter.
  local function own_id(given, headers, notes)
    local proof, id = string.match(given, "^(%x+)%.(.+)$")
    if not proof or #proof ~= 64 or #id > MOST_ID or not find(id, ID) then unknown_session("form") end
    if proof_of(caller(headers, notes), id) ~= proof then unknown_session("proof") end
    return id
  end

  -- A message goes on in a session of this caller's, or in none. The modern era has no sessions; an answer of the client's is of
  -- the legacy one.
  local pass_any = pass
  pass = function(headers, record, state, mark)
    if state.session and state.legacy == false then
      headers:remove(SESSION)
    elseif state.session then
      headers:replace(SESSION, own_id(state.session, headers, state.notes))
    elseif state.method == "initialize" then
      leave(state.notes, "hmcp.who", caller(headers, state.notes))
    end
    pass_any(headers, record, state, mark)
  end

  -- GET, by which the server sends what nobody asked for, and DELETE, which ends a session.
  local function judge_bare(handle, state, verb)
    check_version(handle:headers():get("mcp-protocol-version"), {}, true, state)
    if not state.legacy then
      refuse({ status = 405, code = CODE.verb, message = "method not allowed", reason = "verb-not-allowed", allow = "POST" })
    end
    local body = handle:body()
    if body and body:length() > 0 then malformed("a body is not accepted") end
    local headers = handle:headers()
    local info = handle:streamInfo()
    local record = info:dynamicMetadata()
    state.notes = info:filterState()
    local given = headers:get(SESSION) or malformed("mcp-session-id is missing")
    if verb == "GET" and not find(string.lower(headers:get("accept") or ""), "text/event-stream", 1, true) then
      malformed("accept must list text/event-stream", -32600, 406)
    end
    headers:replace(SESSION, own_id(given, headers, state.notes))
    if verb == "GET" then
      note_reader(headers, state.notes)
      headers:replace(TIMEOUT_HEADER, STREAM_MS)
      leave(state.notes, "hmcp.stream", "yes")
    end
    -- A list may come on a stream, too.
    pass_any(headers, record, state, mark_of(verb == "GET" and "tools/list" or nil, state))
  end

  local judge_post = judge
  judge = function(handle, state)
    local headers = handle:headers()
    local verb, given = headers:get(":method"), headers:get(SESSION)
    if headers:getNumValues(SESSION) > 1 then mismatch(SESSION .. " is repeated") end
    if verb == "GET" or verb == "DELETE" then return judge_bare(handle, state, verb) end
    state.session = given
    judge_post(handle, state)
  end

  -- What must not get out of any tool must not get out of a stream that is of none.
  local LEAKS, known = {}, {}
  for _, all in ipairs({ POLICY.tools, OPENED }) do
    for _, its in pairs(all) do
      for _, leak in ipairs(its.refuse or {}) do
        local parts = { leak.name }
        for _, rule in ipairs(leak.rules) do parts[#parts + 1] = rule.startsWith .. " " .. rule["then"] .. rule.atLeast end
        local text = table.concat(parts, "\n")
        if not known[text] then LEAKS[#LEAKS + 1] = leak end
        known[text] = true
      end
    end
  end

  local recall_message = recall
  recall = function(notes, state)
    local mine = recall_message(notes, state)
    if notes:get("hmcp.stream") then state.refuse, state.lasting = LEAKS, true end
    return mine
  end

  local judge_answer = judge_response
  judge_response = function(handle, state)
    local headers = handle:headers()
    local id = headers:get(SESSION)
    if id then
      headers:remove(SESSION)
      local who = handle:streamInfo():filterState():get("hmcp.who")
      if who and (#id > MOST_ID or not find(id, ID)) then error({ answer = UNREADABLE }, 0) end
      if who then headers:replace(SESSION, proof_of(who, id) .. "." .. id) end
    end
    judge_answer(handle, state)
  end
end
