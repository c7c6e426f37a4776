/** Changes of a line that say how much room a table gets, not what is in it. */
export const ofRoom = (
  line: string,
  changes: readonly (readonly [from: string, to: string])[],
): [string, string][] =>
  changes.map(([from, to]) => [`${line}  →  ${line.replace(from, to)}`, "room, not what is in it"]);

/** Changes of what judges answers that nobody can see, with why: what was there, and what is there now. */
export const OF_RESPONSE: ReadonlyMap<string, string> = new Map([
  [
    'local blank = find(asked, " ", 5, true)  →  local blank = find(asked, " ", 5, false)',
    "a blank is no character that patterns know",
  ],
  [
    'if not find(status, "^[245]") then error({ answer = UNREADABLE }, 0) end  →  if not find(status, "^[245]") then error({ answer = UNREADABLE }, 1) end',
    "the level of an error tells where a text comes from; this is a table",
  ],
  [
    'if find(text, "\\\\u00", 1, true) then  →  if find(text, "\\\\u00", 1, false) then',
    "says only whether it is worth looking for: a text without it is replaced by itself",
  ],
  [
    'if find(text, "\\\\u00", 1, true) then  →  if true then',
    "says only whether it is worth looking for: a text without it is replaced by itself",
  ],
  ["} }, 0)  →  } }, 1)", "the level of an error tells where a text comes from; this is a table"],
  [
    'local is_error, error_flag = find(text, \'"error"\', 1, true), find(text, "isError", 1, true)  →  local is_error, error_flag = find(text, \'"error"\', 1, false), find(text, "isError", 1, true)',
    "what is looked for has no character that patterns know, and no message begins with it",
  ],
  [
    'local is_error, error_flag = find(text, \'"error"\', 1, true), find(text, "isError", 1, true)  →  local is_error, error_flag = find(text, \'"error"\', 1, true), find(text, "isError", 1, false)',
    "what is looked for has no character that patterns know, and no message begins with it",
  ],
  [
    'local is_error, error_flag = find(text, \'"error"\', 1, true), find(text, "isError", 1, true)  →  local is_error, error_flag = find(text, \'"error"\', 2, true), find(text, "isError", 1, true)',
    "what is looked for has no character that patterns know, and no message begins with it",
  ],
  [
    'local is_error, error_flag = find(text, \'"error"\', 1, true), find(text, "isError", 1, true)  →  local is_error, error_flag = find(text, \'"error"\', 1, true), find(text, "isError", 2, true)',
    "what is looked for has no character that patterns know, and no message begins with it",
  ],
  [
    'if not find(probe, "\\n\\r?\\n") then  →  if false then',
    "slower: what holds no end is put together and looked through with each chunk",
  ],
  ["state.tail = sub(probe, -2)  →  state.tail = sub(probe, -3)", "one character more of what held no end"],
  [
    'if size > 0 then chunk:setBytes("") end  →  if size >= 0 then chunk:setBytes("") end',
    "empties what is empty",
  ],
  [
    'if size > 0 then chunk:setBytes("") end  →  if true then chunk:setBytes("") end',
    "empties what is empty",
  ],
  [
    'if encoded and encoded ~= "identity" then error({ answer = UNREADABLE }, 0) end  →  if encoded and encoded ~= "identity" then error({ answer = UNREADABLE }, 1) end',
    "the level of an error tells where a text comes from; this is a table",
  ],
  [
    'if content ~= "application/json" then content = string.match(string.lower(content), "^[^;%s]*") end  →  if true then content = string.match(string.lower(content), "^[^;%s]*") end',
    "what needs no closer look is the same after one",
  ],
  [
    "if state.bytes > state.most then error({ answer = TOO_LARGE }, 0) end  →  if state.bytes > state.most then error({ answer = TOO_LARGE }, 1) end",
    "the level of an error tells where a text comes from; this is a table",
  ],
  [
    'local BROKEN_OFF = { status = 502, code = -32603, reason = "server-unavailable", message = "the server broke off" }  →  local BROKEN_OFF = { status = 503, code = -32603, reason = "server-unavailable", message = "the server broke off" }',
    "it ends streams alone, whose status is out",
  ],
  ...ofRoom("local state = new_table(0, 8)", [
    ["(0", "(1"],
    ["8", "9"],
  ]),
  [
    "if its.refuse then state.refuse = its.refuse end  →  if true then state.refuse = its.refuse end",
    "nothing, set to nothing",
  ],
  [
    "state.parts, state.tail, state.waiting = { rest }, sub(rest, -2), #rest  →  state.parts, state.tail, state.waiting = { rest }, sub(rest, -3), #rest",
    "one character more of what held no end",
  ],
  [
    "if (state.lasting and state.waiting or state.bytes) > state.most then error({ answer = TOO_LARGE }, 0) end  →  if (state.lasting and state.waiting or state.bytes) > state.most then error({ answer = TOO_LARGE }, 1) end",
    "the level of an error tells where a text comes from; this is a table",
  ],
  [
    "if state.id and not state.outcome then error({ answer = BROKEN_OFF }, 0) end  →  if state.id and not state.outcome then error({ answer = BROKEN_OFF }, 1) end",
    "the level of an error tells where a text comes from; this is a table",
  ],
  [
    'if not find(event, "data", 1, true) then return event end  →  if not find(event, "data", 1, false) then return event end',
    "what is looked for has no character that patterns know",
  ],
  [
    "if changed ~= text then body:setBytes(changed) end  →  if true then body:setBytes(changed) end",
    "puts in its place what is there",
  ],
]);

/** The same of sessions. */
export const OF_SESSIONS: ReadonlyMap<string, string> = new Map([
  [
    "if not known[text] then LEAKS[#LEAKS + 1] = leak end  →  if true then LEAKS[#LEAKS + 1] = leak end",
    "slower: the same is looked for more than once",
  ],
  ["known[text] = true  →  known[text] = false", "slower: the same is looked for more than once"],
  ["known[text] = true  →  nothing", "slower: the same is looked for more than once"],
  [
    "if who and (#id > MOST_ID or not find(id, ID)) then error({ answer = UNREADABLE }, 0) end  →  if who and (#id > MOST_ID or not find(id, ID)) then error({ answer = UNREADABLE }, 1) end",
    "the level of an error tells where a text comes from; this is a table",
  ],
]);
