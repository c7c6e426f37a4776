import { CONTROLS } from "../../lib/checklist/controls";
import { splitRuleControls } from "../../lib/ingress/split-controls";
import { splitControls } from "../../lib/task/split-controls";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { deployment, splitPlan, wholeServer } from "./fixture";

type Body = Record<string, unknown>;
const controls = [...splitControls, ...splitRuleControls];
const plan = splitPlan();
const TASK = "aws_ecs_task_definition";
const RULE = "aws_lb_listener_rule";
const POLICY = "aws_iam_role_policy";

test.each(controls.map((control) => [control.id, control] as const))("%s holds as built", (_id, control) => {
  const findings = judge(control, plan);
  expect(findings.length).toBe(2);
  expect(findings).toEqual(findings.map(() => ({ holds: true })));
});
test.each(controls.map((control) => [control.id, control] as const))(
  "%s asks nothing of a server that is not split",
  (_id, control) => {
    const findings = judge(control, deployment({ orders: wholeServer() }));
    expect(findings).toEqual(findings.map(() => ({ holds: true })));
  },
);

const ofFamily = (family: string) => (body: Body) => body.family === family;
const READ = "acme-test-orders";
const WRITE = "acme-test-orders_write";
interface WrittenPolicy {
  tools: Record<string, object>;
  methods: string[];
}
/** The policy in one half's task definition, changed. */
function policy(family: string, change: (policy: WrittenPolicy) => void): Plan {
  return changed(
    plan,
    TASK,
    (body) => {
      const list = JSON.parse(String(body.container_definitions)) as {
        environment: { name: string; value: string }[];
      }[];
      const variable = list[0]?.environment.find(({ name }) => name === "HMCP_POLICY");
      if (!variable) throw new Error("there is no policy");
      const written = JSON.parse(variable.value) as WrittenPolicy;
      change(written);
      variable.value = JSON.stringify(written);
      body.container_definitions = JSON.stringify(list);
    },
    ofFamily(family),
  );
}
/** The rule with names, or the one without. */
const rule = (special: boolean, change: (body: Body) => void): Plan =>
  changed(plan, RULE, change, (body) => JSON.stringify(body.condition).includes("Mcp-Name") === special);
const without = (type: string, only: (body: Body) => boolean): Plan => {
  const source = structuredClone(plan.source) as { resource: Record<string, Record<string, Body>> };
  source.resource[type] = Object.fromEntries(
    Object.entries(source.resource[type] ?? {}).filter(([, body]) => !only(body)),
  );
  return new Plan(source as unknown as TerraformJson);
};
const reader = plan.target(plan.blocks(TASK).find(({ body }) => body.family === READ)?.body.task_role_arn);
const rights = (change: (statements: Body[]) => void): Plan =>
  changed(
    plan,
    POLICY,
    (body) => {
      const document = JSON.parse(String(body.policy)) as { Statement: Body[] };
      change(document.Statement);
      body.policy = JSON.stringify(document);
    },
    (body) => plan.target(body.role)?.address === reader?.address,
  );
const roleOf = (family: string, field: string) =>
  plan.blocks(TASK).find(({ body }) => body.family === family)?.body[field];

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    [
      "task.split-tools-apart",
      "tools of both halves",
      () => policy(READ, ({ tools }) => (tools["refund"] = {})),
    ],
    [
      "task.split-tools-apart",
      "tools of both halves",
      () => policy(WRITE, ({ tools }) => (tools["search"] = {})),
    ],
    [
      "task.split-tools-apart",
      "tools of both halves",
      () => policy(READ, ({ tools }) => (tools["unheard-of"] = {})),
    ],
    ["task.split-tools-apart", "no tool through", () => policy(WRITE, (written) => (written.tools = {}))],
    [
      "task.split-tools-apart",
      "lets tools/list through",
      () => policy(WRITE, ({ methods }) => methods.push("tools/list")),
    ],
    [
      "task.split-tools-apart",
      "no half of its server serves secret",
      () => policy(READ, ({ tools }) => delete tools["secret"]),
    ],
    ["task.split-tools-apart", "no half of its server serves refund", () => without(TASK, ofFamily(WRITE))],
    [
      "task.split-tools-apart",
      "stands in it without a gateway",
      () =>
        changed(plan, TASK, (body) => {
          const [, server] = JSON.parse(String(body.container_definitions)) as Body[];
          body.container_definitions = JSON.stringify([server]);
        }),
    ],
    [
      "task.split-readers-read",
      "allows s3:PutObject",
      () =>
        rights((statements) => statements.push({ Effect: "Allow", Action: ["s3:PutObject"], Resource: "*" })),
    ],
    [
      "task.split-readers-read",
      "allows s3:*",
      () => rights((statements) => statements.push({ Effect: "Allow", Action: "s3:*", Resource: "*" })),
    ],
    [
      "task.split-readers-read",
      "allows all but some",
      () => rights((statements) => statements.push({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })),
    ],
    ...["task_role_arn", "execution_role_arn"].map((field): [string, string, () => Plan] => [
      "task.split-readers-read",
      `its ${field} is also that of ${WRITE}`,
      () => changed(plan, TASK, (body) => (body[field] = roleOf(READ, field)), ofFamily(WRITE)),
    ]),
    [
      "ingress.split-rules-first",
      "among the rules of other servers",
      () => rule(false, (body) => (body.priority = Number(body.priority) + 100)),
    ],
    [
      "ingress.split-rules-first",
      "before the half that writes",
      () => rule(false, (body) => delete body.depends_on),
    ],
    [
      "ingress.split-rules-first",
      "before the half that writes",
      () => rule(false, (body) => (body.depends_on = ["*"])),
    ],
    [
      "ingress.split-rules-first",
      "asked before a rule",
      () => rule(true, (body) => (body.priority = 49_000)),
    ],
    ["ingress.split-rules-first", "asked before a rule", () => rule(false, (body) => (body.priority = 1))],
    ["ingress.split-rules-first", "asked before a rule", () => rule(true, (body) => delete body.priority)],
    ["ingress.split-rules-first", "asked before a rule", () => rule(false, (body) => delete body.priority)],
    [
      "ingress.split-rules-first",
      "no rule before it names refund",
      () => without(RULE, (body) => JSON.stringify(body).includes("Mcp-Name")),
    ],
    [
      "ingress.split-rules-first",
      "it names search",
      () =>
        rule(
          true,
          (body) =>
            ((body.condition as Body[])[2] = {
              http_header: { http_header_name: "mcp-name", values: ["refund", "search"] },
            }),
        ),
    ],
    [
      "ingress.split-rules-first",
      "2 rules without names",
      () => rule(true, (body) => (body.condition as Body[]).pop()),
    ],
    [
      "ingress.split-rules-first",
      "leads to the half that reads",
      () => {
        const to = plan.blocks(RULE).find(({ body }) => !JSON.stringify(body).includes("Mcp-Name"));
        return rule(true, (body) => (body.action = to?.body.action));
      },
    ],
  ])("%s: %s", (id, says, broken) => {
    const findings = judge(named(controls, id), broken());
    const failed = findings.flatMap((finding) => (finding.holds === false ? [finding.says] : []));
    expect(failed).toEqual(expect.arrayContaining([expect.stringContaining(says)]));
  });
  test.each(controls.map(({ id }) => [id]))("%s is among those that are judged", (id) => {
    expect(CONTROLS.map((control) => control.id)).toContain(id);
  });
  test("what stands elsewhere is unknown", () => {
    const source = structuredClone(plan.source) as { resource: Record<string, Record<string, Body>> };
    source.resource["aws_iam_role_policy_attachment"] = {
      more: {
        role: `\${${reader?.address}.name}`,
        policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
      },
    };
    const findings = judge(
      named(controls, "task.split-readers-read"),
      new Plan(source as unknown as TerraformJson),
    );
    expect(findings.map(({ holds }) => holds)).toContain("unknown");
  });
});
