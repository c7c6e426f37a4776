import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { HardenedMcp, type Gateway, type GatewayPartConfig } from "../../lib";
import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import { markdown } from "../../lib/checklist/formats/markdown";
import { table } from "../../lib/checklist/formats/table";
import { page } from "../../lib/checklist/html/page";
import { report } from "../../lib/checklist/report";
import { data, list } from "../../lib/gateway/read";
import { opened, type Plan } from "../../lib/terraform/plan";
import { failing, partPlan, withoutType } from "../support/parts";
import { goodConfig } from "../support/config";
import { writtenPlan } from "../support/plan";
import { good, keyed, ownContainer, ownedPlan, Owned } from "./gateway-fixture";

const asOf = "2026-11-26";
const example = partPlan("gateway");
const TASK = "aws_ecs_task_definition";

const containersOf = (plan: Plan) => list(opened(plan.blocks(TASK)[0]?.body.container_definitions)).map(data);
const resultOf = (plan: Plan, control: string) =>
  judgePlan(plan, CONTROLS, { asOf })
    .filter((verdict) => verdict.control === control)
    .map(({ result }) => result);

describe("a gateway for somebody else's task", () => {
  test("makes what is its own, and neither task nor service, nor any role but those of its functions", () => {
    const made = example.all.filter(
      ({ mode, path }) => mode === "resource" && path.startsWith("gateway/gateway/"),
    );
    const types = [...new Set(made.map(({ type }) => type))];
    for (const type of [TASK, "aws_ecs_service", "aws_lb_target_group", "aws_ecs_cluster", "aws_vpc"])
      expect(types).not.toContain(type);
    const roles = made.filter(({ type }) => type === "aws_iam_role").map(({ path }) => path.split("/")[2]);
    expect([...new Set(roles)].sort()).toEqual(["redelivery", "secrets"]);
  });

  test("hands out its container with the policy or its digest, and the others wait for it", () => {
    const inline = containersOf(ownedPlan({ reservedBytes: 2048 }));
    const names = (all: typeof inline) => list(all[0]?.environment).map((one) => data(one).name);
    expect(names(inline)).toEqual(["HMCP_POLICY", "HMCP_LUA", "HMCP_LOADER"]);
    const stored = containersOf(ownedPlan({ reservedBytes: 20_000 }));
    expect(names(stored)).toEqual(["HMCP_POLICY_SHA256", "HMCP_LUA_SHA256", "HMCP_LOADER"]);
    for (const [gateway, own] of [inline, stored]) {
      expect(gateway?.name).toBe("gateway");
      expect(own?.dependsOn).toEqual([{ containerName: "gateway", condition: "START" }]);
    }
  });

  test("another policy is another text of the task definition, wherever it lies", () => {
    const text = (reservedBytes: number, callsPerMinute: number) => {
      const tools = {
        ...good.tools,
        search: { access: "read", callsPerMinute, timeoutSeconds: 10 },
      } as const;
      return ownedPlan({ reservedBytes, tools }).blocks(TASK)[0]?.body.container_definitions;
    };
    for (const bytes of [2048, 20_000]) expect(text(bytes, 60)).not.toBe(text(bytes, 61));
    expect(text(20_000, 60)).toBe(text(20_000, 60));
  });

  test("leaves what its containers already wait for, and adds the gateway", () => {
    const first = { containerName: "proxy", condition: "HEALTHY" };
    const [, own] = containersOf(
      ownedPlan({}, undefined, (gateway) =>
        gateway.containerDefinitions([
          { ...ownContainer, dependsOn: [first] },
          { ...ownContainer, name: "proxy" },
        ]),
      ),
    );
    expect(own?.dependsOn).toEqual([first, { containerName: "gateway", condition: "START" }]);
  });

  test("keeps ${ and quotes of its owner's containers as they are written", () => {
    const command = ['say "${HOME}" %{x}'];
    const text = ownedPlan({}, undefined, (gateway) =>
      gateway.containerDefinitions([{ ...ownContainer, command }]),
    );
    expect(containersOf(text)[1]?.command).toEqual(command);
    expect(text.blocks(TASK)[0]?.body.container_definitions).toContain("$${HOME}");
  });

  test("divides limits by the most tasks, unless a name tells how many run", () => {
    const written = (change: Parameters<typeof ownedPlan>[0]) =>
      String(list(containersOf(ownedPlan(change))[0]?.command)[1]);
    const divided = written({});
    // 60 calls a minute of a tool, over four tasks: 15 at once, and 60 in four minutes.
    const share = '"token_bucket":{"max_tokens":15,"tokens_per_fill":60,"fill_interval":"240s"}';
    expect(divided.includes(share)).toBe(true);
    expect(divided.includes("local_cluster_rate_limit")).toBe(false);
    const shared = written({ tasks: { max: 4, hostname: "orders.acme.internal" } });
    for (const part of ["local_cluster_rate_limit", "orders.acme.internal", share])
      expect(shared.includes(part)).toBe(true);
  });

  test("lets the role that starts the task, the client's readers and the rotation read a secret, and nobody else", () => {
    const plan = ownedPlan(keyed);
    const readers = plan.blocks("aws_secretsmanager_secret_policy").map(({ body, path }) => {
      const [denial] = list(data(opened(body.policy)).Statement).map(data);
      const spared = list(data(data(data(denial?.Condition).ArnNotLike))["aws:PrincipalArn"]).map(String);
      return [path.split("/").at(-2), spared.map((arn) => arn.split("/").at(-1))] as const;
    });
    const named = Object.fromEntries(readers.filter(([name]) => name !== "store"));
    expect(named["tls"]).toEqual([expect.stringContaining("rotation"), "orders-execution"]);
    expect(named["client-ci-bot"]).toEqual([expect.stringContaining("rotation"), "orders-execution", "ci"]);
  });

  test("refuses a second container of its name, and more than ECS takes", () => {
    const of = (containers: (gateway: Gateway) => string) => () => ownedPlan({}, undefined, containers);
    expect(of((gateway) => gateway.containerDefinitions([gateway.container]))).toThrow(/is called gateway/);
    const large = { ...ownContainer, command: ["x".repeat(60_000)] };
    expect(of((gateway) => gateway.containerDefinitions([large]))).toThrow(
      /bytes of a task definition's 65536/,
    );
  });
});

describe("the checklist", () => {
  test("passes the example, whose one unknown is the role of the archive", () => {
    expect(failing(example)).toEqual([]);
    const unknown = judgePlan(example, CONTROLS, { asOf }).filter(({ result }) => result === "unknown");
    expect(unknown.map(({ control }) => control)).toEqual(["access.roles-fit"]);
    const whole = report([{ stack: "gateway", file: "f", plan: example }], CONTROLS, asOf);
    for (const format of [table, markdown, page])
      expect(String(format(whole))).toContain("gateway holds gateway alone");
    // Who may do what stands in the report, as of a server.
    expect(page(whole)).toContain("support-app");
  });
  test.each([
    ["aws_ecs_task_definition", "gateway.placed"],
    ["aws_ecs_task_definition", "gateway.default-deny"],
    ["aws_secretsmanager_secret_rotation", "secrets.rotated"],
    ["aws_secretsmanager_secret_policy", "secrets.readers-named"],
    ["aws_cloudwatch_log_subscription_filter", "audit.gateway-archived"],
  ])("asks for %s: %s", (type, control) => expect(failing(withoutType(example, type))).toContain(control));
  test("an owner's service is judged for what it does to the gateway, and not for its alarms", () => {
    const plan = ownedPlan(keyed);
    expect(failing(plan)).toEqual([]);
    expect(resultOf(plan, "gateway.only-target")).toEqual(["pass"]);
    expect(resultOf(plan, "gateway.server-closed")).toEqual(["pass"]);
    for (const control of ["alarms.server-complete", "task.rolled-back-rings"])
      expect(resultOf(plan, control)).toEqual(["unknown"]);
  });
  test("containers that only Terraform can read are unknown, never a pass", () => {
    const plan = ownedPlan({ reservedBytes: 2048 }, undefined, (gateway) =>
      Fn.jsonencode([gateway.container, { ...ownContainer, dependsOn: gateway.dependsOn }]),
    );
    for (const control of ["gateway.default-deny", "task.gateway-first", "task.only-gateway-reachable"])
      expect(resultOf(plan, control)).toEqual(["unknown"]);
    expect(resultOf(plan, "gateway.placed")).toContain("unknown");
  });
});

describe("more than one gateway in a file", () => {
  const other = { name: "beta", serverName: "docs", path: "/docs/mcp" };
  const pair = (containers?: (own: Gateway, first: Gateway) => string) =>
    writtenPlan((stack) => {
      const first = new Owned(stack, "own", good);
      const folder = new Construct(stack, "second");
      new Owned(
        folder,
        "own",
        { ...good, ...other },
        containers && ((own) => containers(own, first.gateway)),
      );
    });
  test("each is compared with its own", () => expect(failing(pair())).toEqual([]));
  test("two tasks with the container of one leave the other without a task", () =>
    expect(() => pair((_own, first) => first.containerDefinitions([ownContainer]))).toThrow(
      /no task definition of this file holds its gateway \[gateway\.placed\]/,
    ));
  test("beside a deployment of ours it changes nothing there", () => {
    const plan = writtenPlan((stack) => {
      new HardenedMcp(stack, "mcp", goodConfig());
      new Owned(stack, "own", { ...good, name: "beta" });
    });
    expect(failing(plan).filter((id) => /^(gateway|task|secrets|alarms)\./.test(id))).toEqual([]);
    for (const control of ["alarms.server-complete", "task.rolled-back-rings"])
      expect(resultOf(plan, control).sort()).toEqual(["pass", "unknown"]);
  });
  test("the role that starts the task may be made beside it", () => {
    const plan = writtenPlan((stack) => {
      const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
      const role = new IamRole(stack, "execution", { name: "orders-execution", assumeRolePolicy });
      new Owned(stack, "own", { ...good, executionRoleArn: role.arn });
    });
    expect(resultOf(plan, "gateway.starter-named")).toEqual(["pass"]);
    expect(failing(plan).filter((id) => id.startsWith("secrets."))).toEqual([]);
  });
});

test("clients are known by certificates where the load balancer is said to verify them", () => {
  const clients = { a: { identity: { kind: "mtls", subject: "CN=a" }, tools: ["search"] } };
  const plan = ownedPlan({ clients, loadBalancer: { certificates: true } } as Partial<GatewayPartConfig>);
  // The listener is its owner's, and stands elsewhere.
  expect(resultOf(plan, "gateway.certificates-verified")).toEqual(["unknown"]);
});
