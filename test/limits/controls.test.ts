import { limitsControls } from "../../lib/limits/controls";
import { embedded, type Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { limitsPlan } from "./fixture";

type Data = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const plan = limitsPlan();
const orders = (body: Data) => body["family"] === "acme-test-orders";

/** The containers of the server with exact limits, changed. */
function containers(change: (gateway: Data, service: Data, all: Data[]) => void): Plan {
  return changed(
    plan,
    "aws_ecs_task_definition",
    (body) => {
      const all = embedded(body["container_definitions"]) as Data[];
      change(all[0] as Data, all[2] as Data, all);
      body["container_definitions"] = JSON.stringify(all).replace(/\$\{/g, "$$${").replace(/%\{/g, "%%{");
    },
    orders,
  );
}
const service = (change: (service: Data) => void) => containers((_gateway, one) => change(one));
const setting = (name: string, value: string) =>
  service((one) => (one["environment"].find((each: Data) => each["name"] === name).value = value));

test.each(limitsControls.map((control) => [control.id, control] as const))(
  "%s holds as built",
  (_id, control) => {
    const findings = judge(control, plan);
    expect(findings.length).toBeGreaterThan(1);
    expect(findings.every(({ holds }) => holds === true)).toBe(true);
  },
);

const BROKEN: [id: string, says: string, broken: () => Plan][] = [
  ["limits.service-as-rendered", "does not run in it", () => containers((_g, _s, all) => all.splice(2, 1))],
  ["limits.service-as-rendered", "no password", () => service((one) => (one["secrets"] = []))],
  ["limits.service-as-rendered", "in another way", () => setting("REDIS_TLS", "false")],
  ["limits.service-as-rendered", "in another way", () => setting("GRPC_HOST", "0.0.0.0")],
  [
    "limits.service-as-rendered",
    "in another way",
    () => setting("HEALTHY_WITH_AT_LEAST_ONE_CONFIG_LOADED", "false"),
  ],
  [
    "limits.service-as-rendered",
    "in another way",
    () => service((one) => one["environment"].push({ name: "SHADOW_MODE", value: "true" })),
  ],
  ["limits.service-as-rendered", "in another way", () => service((one) => (one["user"] = "0:0"))],
  ["limits.service-as-rendered", "outlives it", () => containers((gateway) => delete gateway["dependsOn"])],
  [
    "limits.store-reachable",
    "cannot connect to port 6379",
    () => without(plan, "aws_vpc_security_group_egress_rule", (body) => body["from_port"] === 6379),
  ],
  [
    "limits.watched",
    "it lacks limits-not-counted",
    () =>
      without(plan, "aws_cloudwatch_metric_alarm", (body) =>
        String(body["alarm_name"]).endsWith("-limits-not-counted"),
      ),
  ],
  [
    "limits.watched",
    "it lacks limits-divided",
    () =>
      changed(
        plan,
        "aws_cloudwatch_metric_alarm",
        (body) => (body["alarm_actions"] = []),
        (body) => String(body["alarm_name"]).endsWith("-limits-divided"),
      ),
  ],
];

test.each(BROKEN)("%s: %s", (id, says, broken) => {
  const findings = judge(named(limitsControls, id), broken()).filter(({ holds }) => holds !== true);
  expect(findings).toEqual([expect.objectContaining({ holds: false, says: expect.stringContaining(says) })]);
});

test("every control has a test that breaks it", () => {
  const broken = new Set(BROKEN.map(([id]) => id));
  expect(limitsControls.filter(({ id }) => !broken.has(id))).toEqual([]);
});
