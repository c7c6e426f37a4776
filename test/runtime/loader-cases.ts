import { createHash, randomBytes } from "node:crypto";
import { luajit, part } from "./luajit";
import { runUnit } from "./unit-lua";

const digestOf = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

/** Around every end of a block, and as long as each byte of the length needs. */
const LENGTHS = [0, 1, 2, 3, 4, 54, 55, 56, 57, 63, 64, 65, 119, 120, 121, 127, 128, 129, 1000, 8192, 70_000];
const TEXTS = [...LENGTHS, 2_100_003].map((length) => randomBytes(length));
TEXTS.push(Buffer.from("abc"), Buffer.alloc(64), Buffer.alloc(200, 255));

/** Texts whose digests are not those that Node makes. @throws Error where the program does not start */
export async function wrongDigests(source: string = part("sha256")): Promise<number[]> {
  const digests = await runUnit(source, "answer(sha256)", TEXTS);
  return TEXTS.flatMap((text, index) => (digests[index] === digestOf(text) ? [] : [text.length]));
}

const LUA = "local policy, hash = ... io.write(STAGE, ' ', policy, ' ', hash('abc'))";
const SAYS = (policy: string) => `policy ${policy} ${digestOf("abc")}`;
const pieces = (name: string, text: string, at: readonly number[]) =>
  Object.fromEntries(
    at.map((from, index) => [index === 0 ? name : `${name}_${index + 1}`, text.slice(from, at[index + 1])]),
  );

/** Variables of a gateway's container, and what its program says, or why it does not start. */
export const STARTS: readonly (readonly [what: string, Readonly<Record<string, string>>, says: string])[] = [
  ["both", { HMCP_LUA: LUA, HMCP_POLICY: "p" }, SAYS("p")],
  ["no program", { HMCP_POLICY: "p" }, "!HMCP_LUA is missing"],
  ["no policy", { HMCP_LUA: LUA }, "!HMCP_POLICY is missing"],
  ["no Lua", { HMCP_LUA: "x =", HMCP_POLICY: "p" }, "!gateway:1"],
  [
    "both from a store, in one piece",
    { HMCP_LUA: LUA, HMCP_LUA_SHA256: digestOf(LUA), HMCP_POLICY: "p", HMCP_POLICY_SHA256: digestOf("p") },
    SAYS("p"),
  ],
  [
    "a program in two pieces, a policy in four",
    {
      ...pieces("HMCP_LUA", LUA, [0, 10]),
      HMCP_LUA_SHA256: digestOf(LUA),
      ...pieces("HMCP_POLICY", "a policy", [0, 2, 3, 6]),
      HMCP_POLICY_SHA256: digestOf("a policy"),
    },
    SAYS("a policy"),
  ],
  [
    "another program than the one that is named",
    { HMCP_LUA: `${LUA} `, HMCP_LUA_SHA256: digestOf(LUA), HMCP_POLICY: "p" },
    "!HMCP_LUA is not the one that the task definition names",
  ],
  [
    "another policy than the one that is named",
    { HMCP_LUA: LUA, HMCP_POLICY: "q", HMCP_POLICY_SHA256: digestOf("p") },
    "!HMCP_POLICY is not the one that the task definition names",
  ],
  [
    "a piece less than there were",
    { ...pieces("HMCP_LUA", LUA, [0, 10]), HMCP_LUA_SHA256: digestOf(LUA.slice(0, 10)), HMCP_POLICY: "p" },
    "!HMCP_LUA is not the one that the task definition names",
  ],
  [
    "a piece without the one before",
    { HMCP_LUA: LUA, HMCP_LUA_3: "error('never')", HMCP_LUA_SHA256: digestOf(LUA), HMCP_POLICY: "p" },
    SAYS("p"),
  ],
  [
    "a piece of what is whole by itself",
    { HMCP_LUA: LUA, HMCP_LUA_2: "error('never')", HMCP_POLICY: "p", HMCP_POLICY_2: "q" },
    SAYS("p"),
  ],
];

/** What is said in each of these, by a loader. */
export function saidAtStart(loader: string): Promise<string[]> {
  const script = "STAGE='policy' assert(loadstring(assert(os.getenv('HMCP_LOADER')), '=loader'))()";
  return Promise.all(
    STARTS.map(([, env, says]) =>
      luajit(["-e", script], "", { ...env, HMCP_LOADER: loader }).catch((error: Error) =>
        // Of what it says when it fails, what is to be there.
        says.startsWith("!") && error.message.includes(says.slice(1)) ? says : error.message,
      ),
    ),
  );
}
