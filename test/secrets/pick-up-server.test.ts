import { HardenedMcp } from "../../lib/hardened-mcp";
import type { RotationConfig } from "../../lib/secrets/delivery/config";
import { resolveHardenedMcp } from "../../lib/model";
import { goodConfig, goodServer, isTestToken, problemsOf } from "../support/config";
import { synthPlan } from "../support/plan";

const config = (rotation: RotationConfig, rotateDays?: number) =>
  goodConfig({
    servers: {
      notes: goodServer({
        rotation,
        clients: {
          app: {
            identity: { kind: "apiKey", ...(rotateDays !== undefined && { rotateDays }) },
            tools: ["search"],
          },
        },
        secrets: {
          cookie: { kind: "generated", env: "COOKIE", ...(rotateDays !== undefined && { rotateDays }) },
        },
      }),
    },
  });

test("a server's rotation reaches every part of it", () => {
  const plan = synthPlan((stack) => {
    const at = { days: ["TUE"], fromHour: 2, hours: 3 } as const;
    new HardenedMcp(stack, "mcp", config({ pickUp: "fast", at }));
  });
  const named = (type: string) => plan.blocks(type).map(({ body }) => body["name"]);
  expect(named("aws_sfn_state_machine").sort()).toEqual([
    "acme-test-notes-pick-up",
    "acme-test-notes-secret-age",
  ]);
  expect(named("aws_cloudwatch_event_rule")).toContain("acme-test-notes-pick-up");
  const rules = plan.blocks("aws_secretsmanager_secret_rotation").map(({ body }) => body["rotation_rules"]);
  expect(rules).toHaveLength(3);
  for (const rule of rules)
    expect(rule).toEqual({ schedule_expression: "cron(0 2 ? * TUE *)", duration: "3h" });
});

test("what cannot be is said of each secret that asks for it", () => {
  const problems = problemsOf(() => resolveHardenedMcp(config({}, 1), isTestToken));
  expect(problems.map((problem) => problem.split(" ")[0])).toEqual([
    "servers.notes.clients.app.identity.rotateDays",
    "servers.notes.secrets.cookie.rotateDays",
  ]);
  expect(problemsOf(() => resolveHardenedMcp(config({ pickUp: "fast" }, 1), isTestToken))).toEqual([]);
});
