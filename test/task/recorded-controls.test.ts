import { recordedControls } from "../../lib/task/recorded-controls";
import { Plan } from "../../lib/terraform/plan";
import { changed, judge } from "../audit/judge";
import { synthExample } from "../support/examples";

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
const [control] = recordedControls as [(typeof recordedControls)[number]];
const complete = synthExample("complete");
const payments = synthExample("payments");

/** The servers' containers, changed. */
function server(plan: Plan, change: (container: Body) => void): Plan {
  return changed(plan, "aws_ecs_task_definition", (body) => {
    const list = JSON.parse(
      String(body.container_definitions).replace(/\$\{[^}]*\}/g, (hole) => hole.replace(/"/g, '\\"')),
    ) as Body[];
    list.filter(({ name }) => name === "server").forEach(change);
    body.container_definitions = JSON.stringify(list);
  });
}
const without = (plan: Plan, list: "environment" | "secrets", variable: string) =>
  server(plan, (each) => (each[list] = (each[list] as Body[]).filter(({ name }) => name !== variable)));

test.each(["complete", "minimal", "payments", "existing-network"] as const)("%s is told all", (name) => {
  const findings = judge(control, synthExample(name));
  expect(findings.length).toBeGreaterThan(0);
  expect(findings).toEqual(findings.map(() => ({ holds: true })));
});

test.each<[string, () => Plan]>([
  ["not told PORT", () => server(complete, (each) => delete each.environment)],
  ["not told LOG_LEVEL", () => without(complete, "environment", "LOG_LEVEL")],
  [
    "not told LOG_LEVEL",
    () =>
      server(complete, ({ environment }) => {
        for (const one of environment as Body[]) if (one.name === "LOG_LEVEL") delete one.value;
      }),
  ],
  ["not told COOKIE_KEY", () => without(complete, "secrets", "COOKIE_KEY")],
  ["not told LEDGER_PASSWORD", () => without(complete, "secrets", "LEDGER_PASSWORD")],
  [
    "not told COOKIE_KEY",
    () => server(complete, ({ secrets }) => (secrets as Body[]).forEach((one) => delete one.valueFrom)),
  ],
  ["not told /tmp", () => server(complete, (each) => delete each.linuxParameters.tmpfs)],
  ["another command", () => server(complete, (each) => delete each.command)],
  ["another command", () => server(complete, (each) => (each.command = ["node", "debug.js"]))],
  ["not told HMCP_HALF", () => without(payments, "environment", "HMCP_HALF")],
  ["not told HTTPS_PROXY", () => without(payments, "environment", "HTTPS_PROXY")],
])("a server is %s", (says, build) => {
  expect(judge(control, build())).toContainEqual({ holds: false, says: expect.stringContaining(says) });
});

test("the record holds names, and no value", () => {
  const entries = Object.values((complete.source["//"] as Body)["hardened-mcp"] as Record<string, Body>);
  expect(entries.flatMap(({ runs = [] }) => runs as Body[])).toContainEqual({
    environment: ["PORT", "LOG_LEVEL"],
    secrets: ["COOKIE_KEY", "LEDGER_PASSWORD"],
    writablePaths: ["/tmp"],
    command: ["node", "server.js"],
  });
});

test("a file that does not say what its server was told fails", () => {
  const silent = new Plan(structuredClone(complete.source));
  const entries = (silent.source["//"] as Body)["hardened-mcp"] as Record<string, Body>;
  for (const entry of Object.values(entries)) delete entry.runs;
  expect(judge(control, silent)).toContainEqual({
    holds: false,
    says: "what its server is told is not recorded",
  });
});

describe("what is known only at deployment", () => {
  test("containers are unknown", () => {
    const later = changed(
      complete,
      "aws_ecs_task_definition",
      (body) => (body.container_definitions = "${var.containers}"),
    );
    expect(new Set(judge(control, later).map(({ holds }) => holds))).toEqual(new Set(["unknown"]));
  });
  test("a word of the command is not compared", () => {
    const later = server(complete, (each) => {
      if (each.command) each.command = ["node", "${var.entry}"];
    });
    expect(new Set(judge(control, later).map(({ holds }) => holds))).toEqual(new Set([true]));
  });
});
