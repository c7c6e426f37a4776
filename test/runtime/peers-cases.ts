import { peersProgram } from "../../lib/gateway/envoy/peers";
import { runUnit } from "./unit-lua";

/** What Envoy answers where there is somebody who may not be called, and where there is nobody. */
const SOMEBODY = "upstream connect error or disconnect/reset before headers. reset reason: overflow";
const NOBODY = "no healthy upstream";

/** A request in a second of the clock; what is answered if it asks, as Lua; what comes of it. */
type Case = readonly [what: string, second: number, answer: string, comes: string];

const ASKS = "asks peers GET / peers '' 1000";
const WARNS = "warns limits: other tasks are unknown, each limit is divided by the most tasks";
const MARKS = "marks hmcp.share=peers";
const text = (answer: string) => `"${answer}"`;

/** In order, in one program. Of each, in order, what it does; a request that comes while one waits is in brackets. */
export const PEERS: readonly Case[] = [
  ["the first, and others are known", 1, text(SOMEBODY), `${ASKS}, (), ${MARKS}`],
  ["the next of that second", 1, text(NOBODY), MARKS],
  ["a second later, and nobody is known", 2, text(NOBODY), `${ASKS}, (), ${WARNS}`],
  ["the next of this second", 2, text(SOMEBODY), ""],
  ["others are known again, in no more words", 3, text("reset reason: overflow"), `${ASKS}, (), ${MARKS}`],
  ["no answer", 4, "nil", `${ASKS}, (), ${WARNS}`],
  ["an answer that is no text", 5, "{}", `${ASKS}, (), ${WARNS}`],
  ["another reason", 6, text("reset reason: connection timeout"), `${ASKS}, (), ${WARNS}`],
  ["a clock that is put back", 5, text(SOMEBODY), `${ASKS}, (), ${MARKS}`],
];

// A request that waits for its answer lets another one through, of the same second.
const DRIVER = `
local now, done
os.time = function() return now end
local function serve(says)
  envoy_on_request({
    httpCall = function(_, cluster, headers, body, timeout)
      done[#done + 1] = ("asks %s %s %s %s '%s' %s"):format(cluster, headers[":method"], headers[":path"], headers[":authority"], body, timeout)
      local before = #done
      serve(says)
      done[before + 1] = "(" .. table.concat(done, ", ", before + 1) .. ")"
      return {}, says
    end,
    logWarn = function(_, text) done[#done + 1] = "warns " .. text end,
    streamInfo = function()
      return { dynamicMetadata = function()
        return { set = function(_, filter, key, value) done[#done + 1] = ("marks %s.%s=%s"):format(filter, key, value) end }
      end }
    end,
  })
end
answer(function(case)
  local second, says = case:match("^(%d+) (.*)$")
  now, done = tonumber(second), {}
  serve(assert(loadstring("return " .. says))())
  return table.concat(done, ", ")
end)
`;

/** What a program does at each, by name. @throws Error where it fails outright */
export async function doneAtEach(program: string = peersProgram()): Promise<(readonly [string, string])[]> {
  const done = await runUnit(
    program,
    DRIVER,
    PEERS.map(([, second, answer]) => `${second} ${answer}`),
  );
  return PEERS.map(([what], index) => [what, done[index] ?? ""]);
}

/** What it must do. */
export const DUE = PEERS.map(([what, , , comes]) => [what, comes] as const);
