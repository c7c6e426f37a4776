import type { ServerConfig } from "./config";
import {
  defaultRulesFrom,
  MOST_WRITE_RULES,
  NAME_HEADER,
  NAMES_PER_RULE,
  writeRuleCount,
} from "./ingress/split-rules";
import type { PolicyDocument } from "./policy";
import {
  halfName,
  halfOf,
  halfPolicy,
  isFor,
  type Half,
  type HalfOrBoth,
  type OfHalf,
} from "./policy/halves";
import type { TaskBounds } from "./task/config";
import type { RunModel } from "./task/model";
import type { SplitModel } from "./task/tasks-model";
import type { Check } from "./validation";

/** How a server is split, beside what each of its two services is made of. */
export interface ServerSplit {
  /** Names of the tools that write, in the order of the configuration. */
  readonly tools: readonly string[];
  /** First priority of its listener rules. */
  readonly rulesFrom: number;
  /** Which half gets a secret, by its name. */
  readonly secretsFor: Readonly<Record<string, HalfOrBoth>>;
  /** Which half gets a way out, by its name. */
  readonly ways: Readonly<Record<string, HalfOrBoth>>;
}

/** What can be given to a half, as it is configured: by name. */
type Given = Readonly<Record<string, OfHalf>> | undefined;

/** Checks what a split asks of the rest of the server. `check` stands at the server. */
export function resolveSplit(
  name: string,
  config: ServerConfig,
  policy: PolicyDocument,
  split: SplitModel | undefined,
  check: Check,
): ServerSplit | undefined {
  const secretsFor = resolveFor(config.secrets, check.at("secrets"), split !== undefined);
  const ways = resolveFor(config.downstream, check.at("downstream"), split !== undefined);
  if (split === undefined) return undefined;
  checkEra(config, check.at("era"));
  if (config.isolation !== undefined)
    check
      .at("isolation")
      .notSupportedYet(
        "isolation of a split server's users, whose one role would let both halves do the same",
        "remove run.tasks.split, or serve the tools of users from a server of their own",
      );
  checkEndpoints(config, ways, check.at("downstream"));
  const tools = checkTools(policy, check.at("tools"));
  checkPromptNames(policy, tools, check.at("methods"));
  return { tools, rulesFrom: split.rulesFrom ?? defaultRulesFrom(name), secretsFor, ways };
}

/** The same without what says for which half it is: the slices do not know of halves. */
export function withoutFor<T extends object>(
  given: Readonly<Record<string, T & OfHalf>> | undefined,
): Readonly<Record<string, T>> | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, entry]) => {
      if (typeof entry !== "object" || entry === null || !("for" in entry)) return [name, entry];
      const { for: _for, ...rest } = entry;
      return [name, rest as unknown as T];
    }),
  );
}

/** There is no safe guess: everything to both would be no split, everything to one would break the other. */
function resolveFor(given: Given, check: Check, split: boolean): Record<string, HalfOrBoth> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return {};
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, entry]): [string, HalfOrBoth][] => {
      const value = entry?.for;
      const at = check.at(name, "for");
      if (!split) {
        if (value !== undefined)
          at.problem(
            "conflict",
            "means nothing where tasks are not split",
            "set run.tasks.split, or remove it",
          );
        return [];
      }
      if (!at.present(value, 'say which tasks need it: "write", "read" or "both"')) return [];
      return at.oneOf(value, ["read", "write", "both"]) ? [[name, value]] : [];
    }),
  );
}

function checkEra(config: ServerConfig, check: Check): void {
  const { era = "both" } = config;
  if (era !== "modern") {
    check.problem(
      "conflict",
      `is ${check.show(era)}, and run.tasks.split sorts calls by the header ${NAME_HEADER}, which older clients do not send`,
      'use era "modern", or remove run.tasks.split',
    );
  }
}

/** An endpoint belongs to one group of tasks, and its name leads to one endpoint. */
function checkEndpoints(
  config: ServerConfig,
  given: Readonly<Record<string, HalfOrBoth>>,
  check: Check,
): void {
  for (const [name, half] of Object.entries(given)) {
    const { to } = config.downstream?.[name] ?? {};
    if (half === "both" && typeof to === "object" && to !== null && "privateLink" in to) {
      check
        .at(name, "for")
        .problem(
          "conflict",
          'is "both", and an endpoint is made for one half of a split server',
          "declare it twice, once for each half, one of them with privateDns: false",
        );
    }
  }
}

function checkTools(policy: PolicyDocument, check: Check): string[] {
  const all = Object.entries(policy.tools);
  const tools = all.filter(([, tool]) => halfOf(tool) === "write").map(([name]) => name);
  if (all.length > 0 && (tools.length === 0 || tools.length === all.length)) {
    check.problem(
      "conflict",
      `has no tool that ${tools.length === 0 ? "writes" : "only reads"}, and run.tasks.split parts the two`,
      "remove run.tasks.split",
    );
  }
  const written = new Map(tools.map((name) => [name.toLowerCase(), name]));
  for (const [name, tool] of all) {
    const other = halfOf(tool) === "read" ? written.get(name.toLowerCase()) : undefined;
    if (other !== undefined) {
      check
        .at(name)
        .problem(
          "conflict",
          `differs from ${other}, which writes, in capitals alone, and the load balancer reads headers without regard to them`,
          "rename one of them",
        );
    }
  }
  const rules = writeRuleCount(tools.length);
  if (rules > MOST_WRITE_RULES) {
    check.problem(
      "over-budget",
      `has ${tools.length} tools that write, which need ${rules} listener rules of ${NAMES_PER_RULE} names each, expected at most ${MOST_WRITE_RULES}`,
      "split the server into several",
    );
  }
  return tools;
}

/**
 * What is no call is answered by the half that reads; but the load balancer sorts by a name, whatever it is of: a prompt
 * with the name of a tool that writes would go to the other half, which refuses it.
 */
function checkPromptNames({ openedMethods }: PolicyDocument, tools: readonly string[], check: Check): void {
  const allow = openedMethods?.["prompts/get"]?.allow;
  const small = tools.map((tool) => tool.toLowerCase());
  const taken = [
    ...(allow?.exact ?? []).filter((name) => small.includes(name.toLowerCase())),
    ...(allow?.startsWith ?? []).filter((start) =>
      small.some((tool) => tool.startsWith(start.toLowerCase())),
    ),
  ];
  for (const name of taken) {
    check
      .at("prompts/get", "allow")
      .problem(
        "conflict",
        `lets ${JSON.stringify(name)} name a prompt, and a tool that writes has such a name, by which the load balancer sorts`,
        "rename the prompt or the tool, or remove run.tasks.split",
      );
  }
}

/** One of the services that a server runs in, before it is rendered. */
export interface Piece {
  /** Absent: the whole server. */
  readonly half: Half | undefined;
  readonly name: string;
  readonly policy: PolicyDocument;
  readonly run: RunModel;
}

/** Variable that tells the server's code which half it is, for what it may want to leave out. */
export const HALF_ENV = "HMCP_HALF";

/** The services of a server: one, or two that are each bound to their own tools, the one that reads first. */
export function piecesOf(name: string, policy: PolicyDocument, run: RunModel): Piece[] {
  const { split } = run;
  if (split === undefined) return [{ half: undefined, name, policy, run }];
  const piece = (half: Half, tasks: TaskBounds): Piece => ({
    half,
    name: halfName(name, half),
    policy: { ...halfPolicy(policy, half), maxTasks: tasks.max },
    run: { ...run, tasks, env: { ...run.env, [HALF_ENV]: half } },
  });
  return [piece("read", run.tasks), piece("write", split.writing)];
}

/** What a piece is given of things with names. */
export function givenTo<T extends { readonly name: string }>(
  half: Half | undefined,
  given: Readonly<Record<string, HalfOrBoth>>,
  all: readonly T[],
): T[] {
  return all.filter(({ name }) => half === undefined || isFor(given[name] ?? "write", half));
}
