import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { readManifest } from "../checklist/manifest";
import { isExpression, type Plan } from "../terraform/plan";
import { LETS_NOBODY_IN } from "./mandated-demands";

const RULES = "aws_vpc_security_group_rules";
const RULE = "aws_vpc_security_group_rule";

/** Groups whose rules are read in this file, each rule held against what it must not do. */
function judged({ source }: Plan): readonly string[] {
  // As they are written: how many rules there are is known only at the plan.
  const data = (type: string) => Object.entries(source.data?.[type] ?? {}) as [string, Fields][];
  return data(RULES)
    .filter(([name]) => data(RULE).some(([, rule]) => isHeld(rule, name)))
    .flatMap(([, { filter }]) => blocksOf(filter))
    .filter(({ name }) => name === "group-id")
    .flatMap(({ values }) => texts(values));
}

function isHeld(rule: Fields, rules: string): boolean {
  const conditions = blocksOf(blockAt(rule.lifecycle).postcondition).map(({ condition }) => condition);
  return (
    rule.security_group_rule_id === "${each.value}" &&
    rule.for_each === `\${toset(data.${RULES}.${rules}.ids)}` &&
    conditions.includes(`\${${LETS_NOBODY_IN}}`)
  );
}

const readAtPlan = ofOurs({
  id: "network.mandated-groups-judged-at-plan",
  item: 11,
  says: "Groups of somebody else that tasks are in are read at every plan, which stops where one lets anybody in",
  why: "A group adds to the others: one rule of it opens every port of every task, past the load balancer and the gateway.",
  on: ["aws_ecs_service"],
  judge: ({ body }, plan) => {
    const written = blockAt(body, "network_configuration").security_groups;
    if (isExpression(written)) return unknown("the groups of its tasks are known only at deployment");
    const elsewhere = texts(written).filter((group) => plan.target(group)?.mode !== "resource");
    const read = judged(plan);
    const unread = elsewhere.filter((group) => !read.includes(group));
    if (unread.length === 0) return HOLDS;
    // A server's own file has no platform in it, which reads them.
    return readManifest(plan.source).some(({ kind }) => kind === "platform")
      ? fails(`no plan stops where ${unread.join(", ")} lets somebody in`)
      : unknown(`${unread.join(", ")} is read where the platform is made, which is not in this file`);
  },
  maps: { owasp: ["MCP07"] },
});

/** Controls of groups that somebody else keeps. */
export const mandatedControls: readonly Control[] = [readAtPlan];
