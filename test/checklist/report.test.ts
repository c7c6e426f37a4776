import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { CONTROLS } from "../../lib/checklist/controls";
import { credentialOf } from "../../lib/checklist/credentials";
import { readPolicies } from "../../lib/checklist/manifest";
import { reachOf } from "../../lib/checklist/reach";
import { report, type Report } from "../../lib/checklist/report";
import { REPORT_SCHEMA } from "../../lib/checklist/report-schema";
import { Plan } from "../../lib/terraform/plan";
import { EXAMPLES, synthExample, type ExampleName } from "../support/examples";

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats(ajv);
const isValid = ajv.compile(REPORT_SCHEMA);
const reportOf = (plan: Plan, asOf = "2026-11-25"): Report =>
  JSON.parse(JSON.stringify(report([{ stack: "s", file: "f", plan }], CONTROLS, asOf))) as Report;
const problems = (value: unknown) => {
  isValid(value);
  return (isValid.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(" "),
  );
};

describe("the JSON report is what its schema says", () => {
  const reports = new Map<ExampleName, Report>();
  test.each(EXAMPLES)("of %s", (name) => {
    reports.set(name, reportOf(synthExample(name)));
    expect(problems(reports.get(name))).toEqual([]);
  });
  test("of somebody else's file, and of one in which waivers have ended", () => {
    expect(problems(reportOf(new Plan({ resource: { aws_s3_bucket: { b: {} } } })))).toEqual([]);
    const ended = reportOf(synthExample("minimal"), "2099-01-01");
    expect(problems(ended)).toEqual([]);
  });
  test.each<[string, (one: Record<string, unknown>) => void, RegExp]>([
    ["a field more", (one) => (one.more = 1), /additional/],
    ["a field less", (one) => delete one.stacks, /required property 'stacks'/],
    [
      "a result of another name",
      (one) => ((one.items as { result: string }[])[0]!.result = "ok"),
      /items\/0/,
    ],
    ["another version", (one) => (one.schema = 2), /schema must be equal/],
  ])("and nothing else: %s", (_what, change, says) => {
    const copy = structuredClone(
      reports.get("complete") ?? reportOf(synthExample("complete")),
    ) as unknown as Record<string, unknown>;
    change(copy);
    expect(problems(copy).join("\n")).toMatch(says);
  });
});

describe("what a stolen credential is good for", () => {
  const [policy] = [...readPolicies(synthExample("complete").source).values()].filter(
    ({ server }) => server === "orders",
  );
  test("is its tools, what does most harm first, by the lowest limit of each", () => {
    expect(policy && credentialOf("support", policy)).toEqual({
      server: "orders",
      client: "support",
      proof: "token with client_id = support-app",
      messagesPerMinute: 600,
      tools: [
        {
          tool: "refund",
          access: "destructive",
          callsPerMinute: 5,
          timeoutSeconds: 30,
          scopes: ["mcp:refund"],
          window: {
            name: "month-end",
            open: [{ from: "2026-12-31T20:00:00.000Z", to: "2026-12-31T23:00:00.000Z" }],
          },
        },
        { tool: "search", access: "read", callsPerMinute: 30, timeoutSeconds: 10, scopes: [] },
      ],
    });
  });
  test("is what the client's own limit leaves, and needs no scope where it is a key", () => {
    const tools = policy && { ...policy.tools.search!, scopes: ["mcp:search"] };
    const lower = policy && {
      ...policy,
      tools: { search: tools! },
      clients: { "ci-bot": { ...policy.clients["ci-bot"]!, callsPerMinute: 3 } },
    };
    expect(lower && credentialOf("ci-bot", lower)?.tools).toMatchObject([{ callsPerMinute: 3, scopes: [] }]);
    expect(policy && credentialOf("nobody", policy)).toBeUndefined();
    expect(policy && credentialOf("constructor", policy)).toBeUndefined();
  });
});

test("who reaches what is said by the names that people know, and changes with the file", () => {
  const plan = synthExample("complete");
  const orders = reachOf(plan).services.find(({ name }) => name === "acme-prod-orders");
  expect(orders?.waysIn.map(({ says }) => says)).toContainEqual(
    expect.stringMatching(/^the internet \(0\.0\.0\.0\/0\) → aws_lb\.\S+:443 → aws_ecs_service\.\S+:8443/),
  );
  expect(orders?.rights).toEqual(["s3:GetObject on arn:aws:s3:::acme-receipts/orders/*"]);
  expect(orders?.containers).toContainEqual({
    container: "gateway",
    secrets: [
      "acme-prod/orders/client-ci-bot",
      "acme-prod/orders/tls",
      "acme-prod/_gateway/orders/policy",
      "acme-prod/_gateway/orders/program",
    ],
    logs: ["/hardened-mcp/acme-prod-orders-audit"],
  });
  const { aws_lb_listener: _, ...resource } = plan.source.resource ?? {};
  const without = reachOf(new Plan({ ...plan.source, resource }));
  expect(without.services.flatMap(({ waysIn }) => waysIn)).toEqual([]);
});

test("what a role could hide stands in one line an action, an administrator for comparison", () => {
  const { tampering } = reachOf(synthExample("complete"));
  const delivery = tampering.find(({ principal }) => principal === "acme-prod-audit-delivery");
  expect(delivery?.could.archive.map(({ action }) => action)).toEqual(["s3:PutObject"]);
  const administrator = tampering.at(-1);
  const alarms = administrator?.could.alarms.filter(({ action }) => action === "cloudwatch:DeleteAlarms");
  expect(alarms).toHaveLength(1);
  expect(alarms?.[0]?.on.length).toBeGreaterThan(10);
});
