import type { LuaPart } from "../gateway/lua-mutants";
import { OF_RESPONSE, OF_SESSIONS, ofRoom } from "./mutants-equivalent-answers";

const PAUSE = 'collectgarbage("setpause", 200 + 38400 / collectgarbage("count"))';

/** Changes that nobody can see, with why: what was there, and what is there now. */
export const EQUIVALENT: Partial<Readonly<Record<LuaPart, ReadonlyMap<string, string>>>> = {
  sha256: new Map([
    ["while #ROUND < 64 do  →  while #ROUND < 65 do", "a round constant more than is used"],
    ["while #ROUND < 64 do  →  while #ROUND <= 64 do", "a round constant more than is used"],
    [
      "ROUND[#ROUND + 1] = tobit(math.floor((root - math.floor(root)) * 4294967296))  →  ROUND[#ROUND + 1] = tobit(math.floor((root + math.floor(root)) * 4294967296))",
      "whole numbers fall away when 32 bits are kept",
    ],
    [
      "local p, q, r, s = byte(text, from + i * 4 - 4, from + i * 4 - 1)  →  local p, q, r, s = byte(text, from + i * 4 - 4, from + i * 4 + 1)",
      "more bytes than are taken",
    ],
    [
      "local p, q, r, s = byte(text, from + i * 4 - 4, from + i * 4 - 1)  →  local p, q, r, s = byte(text, from + i * 4 - 4, from + i * 5 - 1)",
      "more bytes than are taken",
    ],
    ["for i = 17, 64 do  →  for i = 17, 65 do", "a word more than is used"],
    [
      'assert(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "SHA-256 is wrong")  →  nothing',
      "needs a digest that is wrong",
    ],
  ]),
  json: new Map([
    [
      "for index = 1, #given do  →  for index = 2, #given do",
      "no text begins before its quote: of the first byte it counts for nothing whether it is plain",
    ],
    [
      "if c < 32 or c == 92 or c > 126 then return false end  →  if c < 32 or c ~= 92 or c > 126 then return false end",
      "slower, and takes for plain only what has nothing but backslashes: no value begins so",
    ],
    [
      "if c < 32 or c == 92 or c > 126 then return false end  →  if c < 32 or c == 92 or c >= 126 then return false end",
      "slower: what is plain is read as what is not, to the same end",
    ],
    [
      "if c < 32 or c == 92 or c > 126 then return false end  →  if c <= 32 or c == 92 or c > 126 then return false end",
      "slower: what is plain is read as what is not, to the same end",
    ],
    [
      "if c < 32 or c == 92 or c > 126 then return false end  →  if c < 32 or c == 92 or c < 126 then return false end",
      "slower, and takes for plain only what has nothing but bytes from 126 on: no value begins so",
    ],
    [
      "if c < 32 or c == 92 or c > 126 then return false end  →  if c > 32 or c == 92 or c > 126 then return false end",
      "slower, and takes for plain only what has nothing but blanks and control characters: no value begins so",
    ],
    [
      "if c < 32 or c == 92 or c > 126 then return false end  →  if c < 33 or c == 92 or c > 126 then return false end",
      "slower: what is plain is read as what is not, to the same end",
    ],
    [
      "if c < 32 or c == 92 or c > 126 then return false end  →  if true then return false end",
      "slower: what is plain is read as what is not, to the same end",
    ],
    ["return true  →  return false", "slower: what is plain is read as what is not, to the same end"],
    [
      "if plain_ascii then  →  if false then",
      "slower: what is plain is read as what is not, to the same end",
    ],
    [
      'local to = find(text, \'"\', at, true) or unreadable("text without an end")  →  local to = find(text, \'"\', at, false) or unreadable("text without an end")',
      "a quote is no character that patterns know",
    ],
    [
      "whole, to = whole * 10 + c - 48, to + 1  →  whole, to = whole * 10 + c - 48, to - 1",
      "slower: a number that is whole and short is read as every other one, to the same end",
    ],
    [
      "if to > at and to - at < 16 and c ~= 46 and c ~= 69 and c ~= 101 and (byte(text, at) ~= 48 or to == at + 1) then  →  if to < at and to - at < 16 and c ~= 46 and c ~= 69 and c ~= 101 and (byte(text, at) ~= 48 or to == at + 1) then",
      "slower: a number that is whole and short is read as every other one, to the same end",
    ],
    [
      "if to > at and to - at < 16 and c ~= 46 and c ~= 69 and c ~= 101 and (byte(text, at) ~= 48 or to == at + 1) then  →  if to > at and to - at < 16 and c ~= 46 and c ~= 69 and c ~= 101 and (byte(text, at) ~= 48 and to == at + 1) then",
      "slower: a number that is whole and short is read as every other one, to the same end",
    ],
    [
      "if to > at and to - at < 16 and c ~= 46 and c ~= 69 and c ~= 101 and (byte(text, at) ~= 48 or to == at + 1) then  →  if to > at and to - at < 16 and c ~= 46 and c ~= 69 and c ~= 101 and (byte(text, at) ~= 48 or to == at - 1) then",
      "slower: a number that is whole and short is read as every other one, to the same end",
    ],
    [
      "if to > at and to - at < 16 and c ~= 46 and c ~= 69 and c ~= 101 and (byte(text, at) ~= 48 or to == at + 1) then  →  if to > at and to + at < 16 and c ~= 46 and c ~= 69 and c ~= 101 and (byte(text, at) ~= 48 or to == at + 1) then",
      "slower: a number that is whole and short is read as every other one, to the same end",
    ],
    [
      "if to > at and to - at < 16 and c ~= 46 and c ~= 69 and c ~= 101 and (byte(text, at) ~= 48 or to == at + 1) then  →  if false then",
      "slower: a number that is whole and short is read as every other one, to the same end",
    ],
    ...ofRoom("members = ends == 125 and c ~= 125 and new_table(1, 4) or new_table(4, 0)", [
      ["ends == 125", "ends == 126"],
      ["ends == 125", "ends ~= 125"],
      ["c ~= 125", "c ~= 126"],
      ["c ~= 125", "c == 125"],
      ["(1", "(2"],
      ["(1, 4", "(1, 5"],
      ["(4", "(5"],
      ["0)", "1)"],
    ]),
    [
      "error({ unreadable = why }, 0)  →  error({ unreadable = why }, 1)",
      "the level of an error tells where a text comes from; this is a table",
    ],
    [
      'if not find(text, "[\\128-\\255]") then return size end  →  if false then return size end',
      "counts what needs no counting",
    ],
    [
      "if c == 34 then  →  if c == 35 then",
      "a text without escapes is read as one with them, to the same end",
    ],
    ["if c == 34 then  →  if false then", "a text without escapes is read as one with them, to the same end"],
  ]),
  walk: new Map([
    [
      'if c ~= 123 and c ~= 91 then return find(text, "[,%]} \\t\\r\\n]", at) or #text + 1 end  →  if c ~= 123 and c ~= 91 then return find(text, "[,%]} \\t\\r\\n]", at) or #text + 2 end',
      "nothing follows: an object that is not closed is refused wherever it is looked on",
    ],
    [
      'if c ~= 123 and c ~= 91 then return find(text, "[,%]} \\t\\r\\n]", at) or #text + 1 end  →  if c ~= 123 and c ~= 91 then return find(text, "[,%]} \\t\\r\\n]", at) or #text - 1 end',
      "nothing follows: an object that is not closed is refused wherever it is looked on",
    ],
    [
      "depth = depth + ((c == 123 or c == 91) and 1 or -1)  →  depth = depth - ((c == 123 or c == 91) and 1 or -1)",
      "counts down instead of up",
    ],
    [
      'error({ unreadable = "not JSON" }, 0)  →  error({ unreadable = "not JSON" }, 1)',
      "the level of an error tells where a text comes from; this is a table",
    ],
    [
      'if find(name, "\\\\", 1, true) then name = decode(sub(text, at, to - 1), 1, 1) end  →  if find(name, "\\\\", 1, false) then name = decode(sub(text, at, to - 1), 1, 1) end',
      "what is looked for has no character that patterns know",
    ],
    [
      'if find(name, "\\\\", 1, true) then name = decode(sub(text, at, to - 1), 1, 1) end  →  if find(name, "\\\\", 1, true) then name = decode(sub(text, at, to - 1), 1, 2) end',
      "a name is one value, at one level",
    ],
    [
      'if find(name, "\\\\", 1, true) then name = decode(sub(text, at, to - 1), 1, 1) end  →  if find(name, "\\\\", 1, true) then name = decode(sub(text, at, to - 1), 2, 1) end',
      "a name is one value, at one level",
    ],
    [
      'if find(name, "\\\\", 1, true) then name = decode(sub(text, at, to - 1), 1, 1) end  →  if true then name = decode(sub(text, at, to - 1), 1, 1) end',
      "a name without escapes is itself",
    ],
  ]),
  policy: new Map([
    [
      'if value and find(value, ",", 1, true) and headers:getNumValues(name) > 1 then mismatch(name .. " is repeated") end  →  if value and find(value, ",", 1, false) and headers:getNumValues(name) > 1 then mismatch(name .. " is repeated") end',
      "a comma is no character that patterns know",
    ],
    [
      'if content ~= "application/json" then  →  if true then',
      "what is sent to the letter stands the closer look, too",
    ],
    [
      'if accept ~= "application/json, text/event-stream" then  →  if true then',
      "what is sent to the letter stands the closer look, too",
    ],
  ]),
  arguments: new Map([
    [
      'return string.format(number % 1 == 0 and math.abs(number) < 1e15 and "%d" or "%.17g", number)  →  return string.format(number % 2 == 0 and math.abs(number) < 1e15 and "%d" or "%.17g", number)',
      "a whole number of so few digits reads the same either way",
    ],
    [
      'return string.format(number % 1 == 0 and math.abs(number) < 1e15 and "%d" or "%.17g", number)  →  return string.format(number % 1 == 0 and math.abs(number) <= 1e15 and "%d" or "%.17g", number)',
      "a whole number of so few digits reads the same either way",
    ],
    [
      'if find(text, "\\n", 1, true) then argument_invalid(path, "pattern") end  →  if find(text, "\\n", 1, false) then argument_invalid(path, "pattern") end',
      "a line feed is no character that patterns know",
    ],
    [
      "while to > 252 and byte(text, to + 1) >= 128 and byte(text, to + 1) < 192 do to = to - 1 end  →  while to > 252 and byte(text, to + 1) >= 128 and byte(text, to + 1) < 193 do to = to - 1 end",
      "texts are UTF-8, in which no byte is 192",
    ],
    [
      "while to > 252 and byte(text, to + 1) >= 128 and byte(text, to + 1) < 192 do to = to - 1 end  →  while to > 252 and byte(text, to + 1) >= 128 and byte(text, to + 1) <= 192 do to = to - 1 end",
      "texts are UTF-8, in which no byte is 192",
    ],
    [
      "while to > 252 and byte(text, to + 1) >= 128 and byte(text, to + 1) < 192 do to = to - 1 end  →  while to > 253 and byte(text, to + 1) >= 128 and byte(text, to + 1) < 192 do to = to - 1 end",
      "texts are UTF-8, in which a character goes on for three bytes at most",
    ],
    [
      "while to > 252 and byte(text, to + 1) >= 128 and byte(text, to + 1) < 192 do to = to - 1 end  →  while to >= 252 and byte(text, to + 1) >= 128 and byte(text, to + 1) < 192 do to = to - 1 end",
      "texts are UTF-8, in which a character goes on for three bytes at most",
    ],
  ]),
  list: new Map([
    [
      "if #found ~= tools[0] then broken() end  →  if false then broken() end",
      "two readers that have never differed on what the strict one took",
    ],
  ]),
  auth: new Map([
    [
      'return find(value, ",", 1, true) and headers:getNumValues(name) or 1  →  return find(value, ",", 1, false) and headers:getNumValues(name) or 1',
      "a comma is no character that patterns know",
    ],
  ]),
  token: new Map([
    [
      "local bytes, held, bits = {}, 0, 0  →  local bytes, held, bits = {}, 1, 0",
      "falls away with the first letter",
    ],
  ]),
  response: OF_RESPONSE,
  sessions: OF_SESSIONS,
  peers: new Map([
    [
      'known = type(body) == "string" and string.find(body, "reset reason: overflow", 1, true) ~= nil  →  known = type(body) == "string" and string.find(body, "reset reason: overflow", 1, false) ~= nil',
      "what is looked for has no character that patterns know",
    ],
  ]),
  common: new Map([
    [
      "local POLICY = plain(decode(POLICY_TEXT, 32, 2000000))  →  local POLICY = plain(decode(POLICY_TEXT, 32, 2000001))",
      "more values than the variables of a process have room for",
    ],
    [
      "error({ answer = answer }, 0)  →  error({ answer = answer }, 1)",
      "the level of an error tells where a text comes from; this is a table",
    ],
  ]),
  main: new Map([
    ...ofRoom("guarded(handle, JUDGE, OF_MESSAGE and new_table(0, ROOM) or NOTHING)", [["(0", "(1"]]),
    ...ofRoom("local NOTHING, ROOM = {}, POLICY.sessions and 16 or 8", [
      ["and 16", "or 16"],
      ["16", "17"],
      ["8", "9"],
    ]),
    ...["200 + 38401", "200 - 38400", "201 + 38400"].map((changed): [string, string] => [
      `${PAUSE}  →  ${PAUSE.replace("200 + 38400", changed)}`,
      "when what is left behind is collected",
    ]),
    [`${PAUSE}  →  nothing`, "when what is left behind is collected"],
  ]),
};
