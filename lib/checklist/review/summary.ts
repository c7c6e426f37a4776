import { blockAt, blocksOf, texts } from "../../audit/read";
import type { PolicyDocument } from "../../policy/document";
import { describeWay, waysInto } from "../../terraform/graph/ways";
import { NetworkGraph } from "../../terraform/graph/network";
import { waysOut, type Destination } from "../../terraform/graph/outward";
import { principalOf, type PolicyStatement } from "../../terraform/graph/policies";
import { peopleOf } from "../../terraform/graph/people";
import { rightsOf, rightsOfPerson, type Right } from "../../terraform/graph/rights";
import type { Block, Plan } from "../../terraform/plan";
import type { Control } from "../control";
import { NO_BLOCK, judgePlan, type Verdict } from "../engine";
import { readManifest } from "../manifest";
import { RESULTS } from "../report";
import { WHOLE } from "../doubt";
import { grantedIn } from "./granted";
import { setOf, treeOf, type Tree } from "./leaves";
import { besideIn } from "./runs";
import { surroundingsOf, type Surroundings } from "./surroundings";

/**
 * All that a security review is about, of one stack, as a tree: who may call what, what can be reached, what roles may
 * do, what is kept how long, which controls hold. Images and sizes are left out: they change with every release.
 */
export interface SecuritySummary extends Tree, Surroundings {
  /** Policies by the server's name, their lists as sets. */
  readonly servers: Tree;
  /** Ways in, by service. */
  readonly ways: Tree;
  /** Destinations by service: `10.2.0.0/16:5432` → its kind. */
  readonly reach: Tree;
  readonly roles: Tree;
  /** What policies at things let whom do and refuse whom, by the thing. */
  readonly policies: Tree;
  /** Worst result of each control, waivers counted whatever the day. */
  readonly controls: Tree;
  readonly waivers: Tree;
  /** Days, by the name of what keeps. */
  readonly retention: Tree;
  /** Schedules, by secret. */
  readonly rotation: Tree;
  readonly alarms: Tree;
  /** TLS policies by listener. */
  readonly tls: Tree;
}

/** A day before every waiver's end: what was waived counts as waived, whenever the summary is made. */
const BEFORE_ALL = "0000-01-01";

/** What a review of this plan is about. */
export function summarise(plan: Plan, controls: readonly Control[]): SecuritySummary {
  const declared = readManifest(plan.source);
  const graph = NetworkGraph.of(plan);
  const services = plan.blocks("aws_ecs_service").flatMap((block) => graph.end(block.address) ?? []);
  const byService = (of: (end: (typeof services)[number]) => Tree) =>
    Object.fromEntries(services.map((end) => [nameOf(end.block, "name"), of(end)]));
  return {
    servers: Object.fromEntries(
      declared.flatMap(({ policy }) => (policy === undefined ? [] : [[policy.server, policyTree(policy)]])),
    ),
    ways: byService((end) =>
      Object.fromEntries(waysInto(end, graph).map((way) => [describeWay(way), way.sure])),
    ),
    reach: byService((end) => destinations(waysOut(end, graph))),
    roles: Object.fromEntries(
      plan.blocks("aws_iam_role").map((role) => [nameOf(role, "name"), roleTree(role, plan)]),
    ),
    policies: grantedIn(plan),
    ...people(plan),
    ...running(plan),
    ...results(plan, controls),
    waivers: Object.fromEntries(
      declared.flatMap(({ path, waivers }) =>
        waivers.map(({ field, control, at, seen, reason, until }) => [
          `${field}${control ? ` (${control}${at ? ` at ${at}` : ""})` : ""} of ${path}`,
          `until ${until}: ${reason}${seen ? `, as seen in ${seen}` : ""}`,
        ]),
      ),
    ),
    ...kept(plan),
    ...surroundingsOf(plan),
  };
}

/** Limits are shared among tasks, whose number is a size. */
function policyTree({ maxTasks: _, ...policy }: PolicyDocument): Tree {
  const { clients, tools, openedMethods, windows, ...rest } = policy;
  const each = <T>(all: Readonly<Record<string, T>>, of: (one: T) => unknown) =>
    Object.fromEntries(Object.entries(all).map(([name, one]) => [name, of(one)]));
  return treeOf({
    ...rest,
    methods: setOf(policy.methods),
    allowedOrigins: setOf(policy.allowedOrigins),
    scopes: setOf(policy.scopes),
    clients: each(clients, ({ methods, ...client }) => ({
      ...{ ...client, tools: setOf(client.tools) },
      ...(methods && { methods: setOf(methods) }),
    })),
    tools: each(tools, (tool) => ({ ...tool, scopes: setOf(tool.scopes) })),
    ...(openedMethods && {
      openedMethods: each(openedMethods, ({ allow, ...method }) => ({
        ...{ ...method, scopes: setOf(method.scopes) },
        ...(allow && { allow: { exact: setOf(allow.exact), startsWith: setOf(allow.startsWith) } }),
      })),
    }),
    windows: each(windows, (intervals) => setOf(intervals.map(({ from, to }) => `${from} to ${to}`))),
  });
}

function destinations(all: readonly Destination[]): Tree {
  return Object.fromEntries(
    all.flatMap(({ kind, name, ports, blocks, sure }) => {
      const value = sure || kind === "unrouted" ? kind : `${kind}?`;
      return (blocks.length === 0 ? [name] : blocks).map((place) => [`${place}:${ports}`, value]);
    }),
  );
}

function roleTree(role: Block, plan: Plan): Tree {
  const limit = role.body.permissions_boundary;
  return {
    boundary: typeof limit === "string" ? (plan.target(limit)?.address ?? limit) : "none",
    rights: rightsTree(rightsOf(role, plan)),
    trust: setOf(principalOf(role, plan).trust.map(trusted)),
  };
}

/** Users, groups and roles from elsewhere, where the file gives rights to any. */
function people(plan: Plan): Tree {
  const all = peopleOf(plan).map((who): [string, Tree] => [
    `${who.kind} \`${who.name}\``,
    { rights: rightsTree(rightsOfPerson(who)) },
  ]);
  return all.length === 0 ? {} : { people: Object.fromEntries(all) };
}

/** Code beside a server's own, where there is any. */
function running(plan: Plan): Tree {
  const runs = besideIn(plan);
  return Object.keys(runs).length === 0 ? {} : { runs };
}

function rightsTree(all: readonly Right[]): Tree {
  const rights = all.flatMap(({ actions, resources, except, when, by }) =>
    actions.flatMap((action) =>
      resources.map((resource) =>
        [
          `${action} on ${resource}`,
          ...(except.length === 0 ? [] : [`but for ${except.join(", ")}`]),
          ...(when.length === 0 ? [] : [`when ${when.join(" and ")}`]),
          ...(by.length < 2 ? [] : [`by taking on ${by.slice(1).join(", then ")}`]),
        ].join(", "),
      ),
    ),
  );
  return setOf(rights);
}

function trusted({ Effect, Principal, Condition }: PolicyStatement): string {
  const who = JSON.stringify(Principal ?? null);
  return `${Effect === "Deny" ? "not " : ""}${who}${Condition === undefined ? "" : ` when ${JSON.stringify(Condition)}`}`;
}

/**
 * Results, and every place at which something of somebody else reaches into what is ours: one that is accepted must not hide
 * the next.
 */
function results(plan: Plan, controls: readonly Control[]): Tree & { readonly controls: Tree } {
  const verdicts = judgePlan(plan, controls, { asOf: BEFORE_ALL });
  const beside: Record<string, Record<string, string>> = {};
  for (const { control, result, address, detail = "" } of verdicts) {
    if (!control.startsWith("beside.") || address === undefined || detail === NO_BLOCK) continue;
    // Who waives it in the same change has widened reach all the same.
    if (result === "fail" || result === "unknown" || result === "waived")
      (beside[control] ??= {})[address] = detail;
  }
  return {
    controls: worstOf(verdicts.filter(({ control }) => control !== WHOLE.control)),
    ...(Object.keys(beside).length > 0 && { beside }),
    ...(plan.beyond.length > 0 && { beyond: setOf(plan.beyond) }),
  };
}

function worstOf(verdicts: readonly Verdict[]): Tree {
  const worst: Record<string, string> = {};
  for (const result of RESULTS) {
    for (const verdict of verdicts) if (verdict.result === result) worst[verdict.control] ??= result;
  }
  return worst;
}

function kept(plan: Plan): Pick<SecuritySummary, "retention" | "rotation" | "alarms" | "tls"> {
  const by = (type: string, name: (block: Block) => string, value: (block: Block) => string | number): Tree =>
    Object.fromEntries(plan.blocks(type).map((block) => [name(block), value(block)]));
  const bucket = ({ body, address }: Block) =>
    plan.target(body.bucket)?.path || String(body.bucket ?? address);
  return {
    retention: {
      ...by(
        "aws_cloudwatch_log_group",
        (block) => nameOf(block, "name"),
        ({ body }) => numberOr(body.retention_in_days, "for ever"),
      ),
      ...by("aws_s3_bucket_object_lock_configuration", bucket, ({ body }) => {
        const { mode, days, years } = blockAt(body, "rule", "default_retention");
        return `${String(mode)} ${String(days ?? `${String(years)} years`)}`;
      }),
    },
    rotation: by(
      "aws_secretsmanager_secret_rotation",
      ({ body, address }) => {
        const secret = plan.target(body.secret_id);
        return secret === undefined ? address : nameOf(secret, "name");
      },
      ({ body }) => {
        const rules = blocksOf(body.rotation_rules)[0] ?? {};
        return numberOr(rules.automatically_after_days, String(rules.schedule_expression));
      },
    ),
    alarms: by(
      "aws_cloudwatch_metric_alarm",
      (block) => nameOf(block, "alarm_name"),
      ({ body }) =>
        [
          body.comparison_operator,
          body.threshold ?? "a band",
          `${String(body.evaluation_periods)} periods`,
          `missing data ${String(body.treat_missing_data ?? "missing")}`,
          texts(body.alarm_actions).length > 0 ? "heard" : "heard by nobody",
        ].join(", "),
    ),
    tls: by(
      "aws_lb_listener",
      ({ path, address }) => path || address,
      ({ body }) => `${String(body.protocol)} ${String(body.ssl_policy ?? "without a policy")}`,
    ),
  };
}

function numberOr(value: unknown, other: string): number | string {
  return typeof value === "number" && value > 0 ? value : other;
}

/** The name that people know, or the place in the file. */
function nameOf({ body, path, address }: Block, attribute: string): string {
  const name = body[attribute];
  return typeof name === "string" && !name.includes("${") ? name : path || address;
}
