import { addedControls } from "../../lib/task/added-controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge } from "../audit/judge";
import { synthExample } from "../support/examples";

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
const [control, revision] = addedControls as [(typeof addedControls)[number], (typeof addedControls)[number]];
const complete = synthExample("complete");

/** The containers of all tasks, changed. */
function tasks(change: (containers: Body[]) => void): Plan {
  return changed(complete, "aws_ecs_task_definition", (body) => {
    const list = JSON.parse(
      String(body.container_definitions).replace(/\$\{[^}]*\}/g, (hole) => hole.replace(/"/g, '\\"')),
    ) as Body[];
    change(list);
    body.container_definitions = JSON.stringify(list);
  });
}
const server = (change: (container: Body) => void) =>
  tasks((list) => list.filter(({ name }) => name === "server").forEach(change));

test.each(["complete", "minimal", "payments", "existing-network"] as const)(
  "%s has nothing but what was configured",
  (name) => {
    const findings = judge(control, synthExample(name));
    expect(findings.length).toBeGreaterThan(0);
    expect(findings).toEqual(findings.map(() => ({ holds: true })));
  },
);

test("what ECS writes where nothing is said is nothing", () => {
  const plan = server((each) => Object.assign(each, { cpu: 0, mountPoints: [], volumesFrom: null }));
  expect(judge(control, plan).map(({ holds }) => holds)).not.toContain(false);
});

test.each<[string, Plan]>([
  [
    "its tasks also run side",
    tasks((list) => list.push({ ...list.find(({ name }) => name === "server"), name: "side" })),
  ],
  ["has entryPoint", server((each) => (each.entryPoint = ["sh", "-c"]))],
  ["has environmentFiles", server((each) => (each.environmentFiles = [{ type: "s3", value: "arn:x" }]))],
  ["has extraHosts", server((each) => (each.extraHosts = [{ hostname: "x", ipAddress: "10.0.0.1" }]))],
  ["has dnsServers", server((each) => (each.dnsServers = ["192.0.2.1"]))],
  ["has dockerSecurityOptions", server((each) => (each.dockerSecurityOptions = ["label:disable"]))],
  ["has systemControls", server((each) => (each.systemControls = [{ namespace: "net.x", value: "1" }]))],
  ["has volumesFrom", server((each) => (each.volumesFrom = [{ sourceContainer: "gateway" }]))],
  ["has mountPoints", server((each) => (each.mountPoints = [{ sourceVolume: "v", containerPath: "/v" }]))],
  ["has healthCheck", server((each) => (each.healthCheck = { command: ["CMD-SHELL", "curl x"] }))],
  ["has restartPolicy", server((each) => (each.restartPolicy = { enabled: true }))],
  ["has firelensConfiguration", server((each) => (each.firelensConfiguration = { type: "fluentbit" }))],
  ["has interactive", server((each) => (each.interactive = true))],
  ["has devices", server((each) => (each.linuxParameters.devices = [{ hostPath: "/dev/x" }]))],
  [
    "told NODE_OPTIONS",
    server((each) => (each.environment as Body[]).push({ name: "NODE_OPTIONS", value: "--require=/tmp/x" })),
  ],
  ["told OTHER", server((each) => (each.secrets as Body[]).push({ name: "OTHER", valueFrom: "arn:x" }))],
  [
    "may also write to /app",
    server(({ linuxParameters: linux }) => {
      (linux as Body).tmpfs = [{ containerPath: "/app", size: 64, mountOptions: ["rw"] }];
    }),
  ],
])("seen: %s", (says, plan) => {
  expect(judge(control, plan)).toContainEqual({ holds: false, says: expect.stringContaining(says) });
});

test("containers that cannot be read are not known", () => {
  const plan = changed(complete, "aws_ecs_task_definition", (body) => {
    body.container_definitions = '${file("containers.json")}';
  });
  expect(judge(control, plan).map(({ holds }) => holds)).toContain("unknown");
});

describe("a service runs the revision of the file", () => {
  const runs = (task: unknown) =>
    judge(
      revision,
      changed(complete, "aws_ecs_service", (body) => (body.task_definition = task)),
    );
  const named = (attribute: string) => {
    const [definition] = complete.blocks("aws_ecs_task_definition");
    return `\${${definition?.address}.${attribute}}`;
  };
  test.each([named("arn"), "arn:aws:ecs:eu-west-1:1:task-definition/a:7"])("%s", (task) =>
    expect(runs(task).map(({ holds }) => holds)).not.toContain(false),
  );
  test.each([
    named("family"),
    named("id"),
    named("arn_without_revision"),
    "acme-prod-orders",
    "acme-prod-orders:7",
    "arn:aws:ecs:eu-west-1:1:task-definition/a",
    undefined,
  ])("and not %s", (task) => expect(runs(task).map(({ holds }) => holds)).not.toContain(true));
});
