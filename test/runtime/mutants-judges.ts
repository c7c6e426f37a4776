import { isDeepStrictEqual } from "node:util";
import type { LuaMutant, LuaPart } from "../gateway/lua-mutants";
import { judgeArguments } from "../../lib/policy/judge";
import { EDGES, flat, generate as generateCalls } from "./arguments-cases";
import { judgeByLua } from "./arguments-lua";
import { compareReaders, generate, SEEDS } from "./json-cases";
import { SERIES, keptKib } from "./json-memory";
import { wrongLists } from "./list-cases";
import { firstOther, type Group } from "./exact/exact";
import { AUTH_GROUPS } from "./exact/auth-cases";
import { COMMON_GROUPS } from "./exact/common-cases";
import { METHODS_GROUPS } from "./exact/methods-cases";
import { POLICY_GROUPS } from "./exact/policy-cases";
import { RESPONSE_GROUPS } from "./exact/response-cases";
import { SESSION_GROUPS } from "./exact/session-cases";
import { doneAtEach, DUE } from "./peers-cases";
import { wrongTexts } from "./text-cases";
import { saidAtStart, STARTS, wrongDigests } from "./loader-cases";

/** Whether the tests of a part notice that it is another one. They may throw as well. */
type Judge = (mutant: LuaMutant) => Promise<boolean>;

const TEXTS = [...SEEDS.map((text) => Buffer.from(text, "latin1")), ...generate(20261126, 3000)];

const lists: Judge = async ({ program }) => (await wrongLists(program)).length > 0;

const exact =
  (groups: readonly Group[]): Judge =>
  async ({ program }) =>
    (await firstOther(groups, program)) !== undefined;

const CALLS = flat([...EDGES, ...generateCalls(20261125, 60, 10)]);
const RIGHT = CALLS.map(({ declared, sent }) => judgeArguments(declared, JSON.parse(sent)) === undefined);
const messages = exact([...POLICY_GROUPS, ...METHODS_GROUPS]);
const judgesArguments: Judge = async (mutant) => {
  const said = await judgeByLua(CALLS, mutant.part);
  if (RIGHT.some((taken, index) => (said[index] === undefined) !== taken)) return true;
  return (await wrongTexts(mutant.program)).length > 0 || messages(mutant);
};

/** By the part that is changed. */
export const JUDGES: Partial<Readonly<Record<LuaPart, Judge>>> = {
  sha256: async ({ part }) => (await wrongDigests(part)).length > 0,
  loader: async ({ program }) =>
    (await saidAtStart(program)).some((says, index) => says !== STARTS[index]?.[2]),
  json: async ({ part, program }) => {
    await compareReaders(TEXTS, () => part);
    if ((await wrongTexts(program)).length > 0) return true;
    const kept = Object.values(SERIES).map(async (series) => (await keptKib(series, part)) < series.most);
    return (await Promise.all(kept)).includes(false);
  },
  walk: lists,
  list: lists,
  policy: messages,
  methods: exact(METHODS_GROUPS),
  arguments: judgesArguments,
  auth: exact(AUTH_GROUPS),
  token: exact(AUTH_GROUPS),
  common: exact([...COMMON_GROUPS, ...POLICY_GROUPS, ...AUTH_GROUPS, ...METHODS_GROUPS]),
  main: exact([...POLICY_GROUPS, ...AUTH_GROUPS, ...RESPONSE_GROUPS]),
  peers: async ({ program }) => !isDeepStrictEqual(await doneAtEach(program), DUE),
  sessions: exact(SESSION_GROUPS),
  response: exact([...RESPONSE_GROUPS, ...METHODS_GROUPS]),
};
