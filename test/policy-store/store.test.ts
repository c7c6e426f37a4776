import { renderedControls } from "../../lib/gateway/rendered-controls";
import { program } from "../../lib/gateway/envoy/program";
import { HardenedMcp } from "../../lib/hardened-mcp";
import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import { gatewayTasks } from "../../lib/cli/up/gateway-task";
import type { HardenedMcpConfig } from "../../lib/config";
import { gatewayControls } from "../../lib/gateway/controls";
import { policyStoreControls } from "../../lib/policy-store/controls";
import { digestOf, piecesOf } from "../../lib/policy-store/model";
import { secretsControls } from "../../lib/secrets/controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { goodConfig, goodServer } from "../support/config";
import { statementsOf } from "../support/deployed-policies";
import { synthPlan } from "../support/plan";
import { having } from "../support/policies";

type Data = Record<string, unknown>;
type Container = Data & {
  name: string;
  environment: { name: string; value: string }[];
  secrets: { name: string; valueFrom: string }[];
};

const SECRET = "aws_secretsmanager_secret";
const VERSION = "aws_secretsmanager_secret_version";
const TASK = "aws_ecs_task_definition";
const POLICY = "aws_secretsmanager_secret_policy";
const ROLE_OF = "aws_iam_role_policy";

/** A server whose policy needs two pieces, with what Terraform would take for its own in it. */
const large = goodServer({
  tools: Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [
      `tool_${index}`,
      {
        access: "read" as const,
        callsPerMinute: 60,
        timeoutSeconds: 10,
        arguments: {
          kind: { type: "string" as const, enum: ["$x", "%{if}", `é${"…".repeat(120)}${index}`] },
        },
      },
    ]),
  ),
  clients: {
    assistant: { identity: { kind: "apiKey" }, tools: ["tool_0"] },
  },
});
const config = (servers: HardenedMcpConfig["servers"], policyStore?: "always"): HardenedMcpConfig =>
  goodConfig({
    gateway: { image: goodConfig().gateway.image, ...(policyStore && { policyStore }) },
    servers,
  });
const plan = synthPlan((stack) => void new HardenedMcp(stack, "mcp", config({ notes: large }, "always")));
const stores = (body: Data) => String(body.name).includes("/_gateway/");

function containersOf(from: Plan): Container[] {
  return JSON.parse(
    String(from.blocks(TASK)[0]?.body.container_definitions)
      .replace(/\$\$\{/g, "${")
      .replace(/%%\{/g, "%{"),
  ) as Container[];
}
const gatewayOf = (from: Plan) => containersOf(from).find(({ name }) => name === "gateway") as Container;

function withGateway(change: (gateway: Container) => void): Plan {
  return changed(plan, TASK, (body) => {
    const containers = containersOf(plan);
    change(containers.find(({ name }) => name === "gateway") as Container);
    body.container_definitions = JSON.stringify(containers);
  });
}

describe("pieces", () => {
  it.each([
    ["nothing", "", 4, []],
    ["what fits", "abcd", 4, ["abcd"]],
    ["a cut between characters", "abcde", 4, ["abcd", "e"]],
    ["no cut inside of one", "abcé…x", 4, ["abc", "é", "…x"]],
    ["one of four bytes", "a😀b", 4, ["a", "😀", "b"]],
  ])("%s", (_what, text, most, pieces) => {
    expect(piecesOf(text, most)).toEqual(pieces);
    expect(piecesOf(text, most).join("")).toBe(text);
  });
});

describe("a stored policy", () => {
  it("leaves the task definition small, each text pinned by version, with its digest", () => {
    const gateway = gatewayOf(plan);
    expect(gateway.environment.map(({ name }) => name)).toEqual([
      "HMCP_POLICY_SHA256",
      "HMCP_LUA_SHA256",
      "HMCP_LOADER",
    ]);
    const stored = gateway.secrets.filter(({ name }) => /^HMCP_(POLICY|LUA)/.test(name));
    expect(stored.map(({ name }) => name)).toEqual(["HMCP_POLICY", "HMCP_POLICY_2", "HMCP_LUA"]);
    for (const { valueFrom } of stored)
      expect(valueFrom).toMatch(
        /^\$\{(aws_secretsmanager_secret_version\.[\w-]+)\.arn\}:::\$\{\1\.version_id\}$/,
      );
    expect(String(plan.blocks(TASK)[0]?.body.container_definitions).length).toBeLessThan(65_536);
  });

  it("is read back whole by the controls and by `up`", () => {
    const verdicts = judgePlan(plan, CONTROLS, { asOf: "2026-01-01" });
    const open = verdicts.filter(({ result }) => result === "fail" || result === "unknown");
    // This file lacks what constructs say of themselves, with which the gateway would be compared: see the examples' tests.
    expect(open.map(({ control, result }) => `${control} ${result}`)).toEqual(
      renderedControls.map(({ id }) => `${id} unknown`),
    );
    const [task] = gatewayTasks(plan);
    const policy = JSON.parse(task?.environment["HMCP_POLICY"] as string) as {
      tools: Record<string, { fields: { kind: { enum: string[] } } }>;
    };
    expect(Object.keys(policy.tools)).toHaveLength(200);
    expect(policy.tools["tool_7"]?.fields.kind.enum.slice(0, 2)).toEqual(["$x", "%{if}"]);
    expect(digestOf(task?.environment["HMCP_POLICY"] as string)).toBe(gatewayOf(plan).environment[0]?.value);
    expect(task?.environment["HMCP_LUA"]).toBe(program({ methods: false, sessions: false }));
    expect(Object.keys(task?.environment ?? {}).sort()).toEqual(["HMCP_LOADER", "HMCP_LUA", "HMCP_POLICY"]);
    expect(task?.secrets.filter((name) => /POLICY|LUA/.test(name))).toEqual([]);
  });

  it("has no function, no seed and no rotation, and a new version stands before the old one goes", () => {
    const blocks = plan.blocks(VERSION);
    expect(blocks).toHaveLength(3);
    expect(blocks.map(({ body }) => body.lifecycle)).toEqual(
      blocks.map(() => ({ create_before_destroy: true })),
    );
    for (const secret of plan.blocks(SECRET).filter(({ body }) => stores(body))) {
      expect(secret.body.recovery_window_in_days).toBe(0);
      expect(plan.referring(secret, "aws_secretsmanager_secret_rotation", "secret_id")).toEqual([]);
    }
  });

  it("is read by the role that injects it and by no other", () => {
    const readers = plan
      .blocks(ROLE_OF)
      .filter(({ body }) =>
        statementsOf(plan, body.policy).some(({ Resource }) =>
          JSON.stringify(Resource).includes("/_gateway/"),
        ),
      );
    expect(readers.map(({ body }) => plan.target(body.role)?.body.name)).toEqual([
      "acme-test-notes-execution",
    ]);
  });

  it("is used only where it is needed, and says so", () => {
    const small = synthPlan((stack) => void new HardenedMcp(stack, "mcp", config({ notes: goodServer() })));
    expect(small.blocks(VERSION)).toEqual([]);
    const needed = synthPlan((stack) => void new HardenedMcp(stack, "mcp", config({ notes: large })));
    expect(needed.blocks(VERSION)).toHaveLength(2);
    expect(Object.keys(gatewayTasks(needed)[0]?.environment ?? {}).sort()).toEqual([
      "HMCP_LOADER",
      "HMCP_LUA",
      "HMCP_POLICY",
    ]);
  });
});

test.each([...policyStoreControls, ...gatewayControls].map((one) => [one.id, one] as const))(
  "%s holds on a stored policy",
  (_id, control) => {
    expect(judge(control, plan).every(({ holds }) => holds === true)).toBe(true);
  },
);

describe("each control fails when its protection goes", () => {
  const secrets = (gateway: Container, name: string) =>
    gateway.secrets.find((one) => one.name === name) as { name: string; valueFrom: string };
  test.each<[string, string, () => Plan]>([
    [
      "gateway.stored-pinned",
      "HMCP_POLICY is not pinned",
      () =>
        withGateway((gateway) => {
          const one = secrets(gateway, "HMCP_POLICY");
          one.valueFrom = one.valueFrom.replace(/:::.*/, "");
        }),
    ],
    [
      "gateway.stored-pinned",
      "HMCP_LUA is not pinned",
      () =>
        withGateway((gateway) => {
          secrets(gateway, "HMCP_LUA").valueFrom = "arn:aws:secretsmanager:eu-west-1:1:secret:x:::1";
        }),
    ],
    [
      "gateway.stored-pinned",
      "HMCP_POLICY has no digest",
      () => withGateway((gateway) => void gateway.environment.shift()),
    ],
    [
      "gateway.stored-pinned",
      "HMCP_POLICY is another text",
      () => changed(plan, VERSION, (body) => (body.secret_string = `${String(body.secret_string)} `)),
    ],
    [
      "gateway.stored-pinned",
      "a piece of HMCP_POLICY is missing",
      () =>
        withGateway((gateway) => {
          secrets(gateway, "HMCP_POLICY_2").name = "HMCP_POLICY_3";
        }),
    ],
    [
      "gateway.stored-pinned",
      "HMCP_LUA stands in it twice",
      () => withGateway((gateway) => void gateway.environment.push({ name: "HMCP_LUA", value: "x" })),
    ],
    [
      "gateway.stored-pinned",
      "HMCP_POLICY is known only at deployment",
      () => changed(plan, VERSION, (body) => (body.secret_string = "${var.policy}")),
    ],
    ["gateway.store-closed", "no policy of its own", () => without(plan, POLICY)],
    [
      "gateway.store-closed",
      "may become public",
      () => changed(plan, POLICY, (body) => (body.block_public_policy = false)),
    ],
    [
      "gateway.store-closed",
      "does not deny secretsmanager:PutSecretValue",
      () =>
        changed(plan, POLICY, (body) => {
          body.policy = String(body.policy).replace('"secretsmanager:PutSecretValue",', "");
        }),
    ],
    [
      "gateway.store-closed",
      "does not deny secretsmanager:DeleteSecret",
      () =>
        changed(plan, POLICY, (body) => {
          body.policy = String(body.policy).replace('"false"', '"true"');
        }),
    ],
    [
      "gateway.program-unchanged",
      "what loads the program",
      () =>
        withGateway((gateway) => {
          gateway.environment = gateway.environment.filter(({ name }) => name !== "HMCP_LOADER");
        }),
    ],
    [
      "secrets.no-values",
      "writes its value into the state",
      () => having(plan, VERSION, { secret_id: "x", secret_string: "hunter2" }),
    ],
    [
      "secrets.rotated",
      "nothing rotates it",
      () =>
        withGateway((gateway) => {
          gateway.secrets = gateway.secrets.filter(({ name }) => name !== "HMCP_LUA");
        }),
    ],
  ])("%s: %s", (id, says, broken) => {
    const control = named([...policyStoreControls, ...gatewayControls, ...secretsControls], id);
    expect(judge(control, broken())).toContainEqual({ holds: false, says: expect.stringContaining(says) });
  });
});
