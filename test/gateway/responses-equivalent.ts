import { EQUIVALENT } from "../runtime/mutants-equivalent";

/**
 * Changes of `response.lua` that no answer of a server in the lab shows, but a case of `test/runtime/exact` does: of streams
 * that last, of our own faults, of answers that are longer than Envoy keeps, of what is not
 * looked into, and of streams of which nothing comes.
 */
const ELSEWHERE: readonly string[] = [
  'if type(problem) == "table" then return problem.answer or UNREADABLE end  →  if true then return problem.answer or UNREADABLE end',
  "local MOST = 1048576  →  local MOST = 1048577",
  'handle:logErr("gateway: " .. tostring(problem))  →  nothing',
  'local FAILED = { status = 500, code = -32603, reason = "internal", message = "internal error" }  →  local FAILED = { status = 500, code = -32604, reason = "internal", message = "internal error" }',
  'if tool == "subscriptions/listen" then state.lasting = true end  →  if false then state.lasting = true end',
  'if tool == "subscriptions/listen" then state.lasting = true end  →  if tool == "subscriptions/listen" then state.lasting = false end',
  "state.bytes, state.waiting = state.bytes + size, state.waiting + size  →  state.bytes, state.waiting = state.bytes + size, state.waiting - size",
  'state.parts, state.tail, state.waiting = {}, "", 0  →  state.parts, state.tail, state.waiting = {}, "", 1',
  "from = to + 1  →  from = to - 1",
  'headers:remove("content-length")  →  nothing',
  'if find(text, "\\\\u00", 1, true) then  →  if find(text, "\\\\u00", 2, true) then',
  'local FAILED = { status = 500, code = -32603, reason = "internal", message = "internal error" }  →  local FAILED = { status = 501, code = -32603, reason = "internal", message = "internal error" }',
  "if not is_error and not error_flag  →  if  is_error and not error_flag",
  `and (find(text, '^{"result":') or find(text, '^{"jsonrpc":"2.0","id":[^,{]*,"result":')) then  →  and (find(text, '^{"result":') and find(text, '^{"jsonrpc":"2.0","id":[^,{]*,"result":')) then`,
  "note(notes, state)  →  nothing",
];

/** What is not tried under Envoy, with why. */
export const UNSEEN: ReadonlyMap<string, string> = new Map([
  ...(EQUIVALENT.response ?? []),
  ...ELSEWHERE.map((what): [string, string] => [what, "noticed by a case of `test/runtime/exact`"]),
]);
