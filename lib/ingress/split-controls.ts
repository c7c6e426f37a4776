import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, type Control, type Finding } from "../checklist/control";
import { readPolicies } from "../checklist/manifest";
import type { PolicyDocument } from "../policy/document";
import { halfOf } from "../policy/halves";
import type { Block, Plan } from "../terraform/plan";
import { lastPriority, NAME_HEADER } from "./split-rules";

const RULE = "aws_lb_listener_rule";

/** Values of a condition of a rule. */
function valuesOf({ body }: Block, kind: string): readonly string[] {
  return blocksOf(body.condition).flatMap((each) => texts(blockAt(each, kind).values));
}

/** Names in the rule's condition on `Mcp-Name`; absent where it has none. */
function namesOf({ body }: Block): readonly string[] | undefined {
  const headers = blocksOf(body.condition).map((each) => blockAt(each, "http_header"));
  const names = headers.find(
    ({ http_header_name: name }) => String(name).toLowerCase() === NAME_HEADER.toLowerCase(),
  );
  return names && texts(names.values);
}

const sorted: Control = {
  id: "ingress.split-rules-first",
  item: 5,
  says: "Calls of tools that write go to the second service of a split server, by rules that are asked first",
  why: "A rule that is asked too late, or a name that is missing in it, sends calls to the half that refuses them.",
  on: [RULE],
  judge: (rule, plan) => {
    const whole = [...readPolicies(plan.source).values()].find(
      ({ split, hostname, path }) =>
        split !== undefined &&
        valuesOf(rule, "host_header").includes(hostname) &&
        valuesOf(rule, "path_pattern").includes(path),
    );
    return whole ? judgeRule(rule, whole, plan) : HOLDS;
  },
};

function judgeRule(rule: Block, whole: PolicyDocument, plan: Plan): Finding {
  const rules = plan
    .blocks(RULE)
    .filter(
      (other) =>
        other.body.listener_arn === rule.body.listener_arn &&
        valuesOf(other, "path_pattern").includes(whole.path),
    );
  const general = rules.filter((each) => namesOf(each) === undefined);
  if (general.length !== 1 || general[0] === undefined)
    return fails(`its server has ${general.length} rules without names`);
  const names = namesOf(rule);
  if (names !== undefined) {
    const wrong = names.find(
      (name) => whole.tools[name] === undefined || halfOf(whole.tools[name]) === "read",
    );
    if (wrong !== undefined) return fails(`it names ${wrong}, which is no tool that writes`);
    return targetOf(rule) === targetOf(general[0]) ? fails("it leads to the half that reads") : HOLDS;
  }
  const special = rules.filter((each) => namesOf(each) !== undefined);
  if (special.some((each) => !(Number(each.body.priority) < Number(rule.body.priority))))
    return fails("it is asked before a rule for tools that write, or nobody can tell");
  const wrong = wrongPlace(rule, special, plan);
  if (wrong !== undefined) return wrong;
  const named = special.flatMap((each) => namesOf(each) ?? []);
  const missing = Object.entries(whole.tools).find(
    ([name, tool]) => halfOf(tool) === "write" && !named.includes(name),
  );
  return missing ? fails(`no rule before it names ${missing[0]}`) : HOLDS;
}

/** What is wrong with when the rule for everything else of a server is made, and asked. */
function wrongPlace({ body }: Block, special: readonly Block[], plan: Plan): Finding | undefined {
  const first = Math.min(...special.map((each) => Number(each.body.priority)));
  if (special.length > 0 && Number(body.priority) !== lastPriority(first))
    return fails("it is asked among the rules of other servers");
  const waits = texts(body.depends_on).some(
    (address) => plan.target(`\${${address}.id}`)?.type === "aws_ecs_service",
  );
  return waits ? undefined : fails("calls pass before the half that writes is there");
}

function targetOf({ body }: Block): unknown {
  return blockAt(body, "action").target_group_arn;
}

/** Controls of the rules of split servers. */
export const splitRuleControls: readonly Control[] = [sorted];
