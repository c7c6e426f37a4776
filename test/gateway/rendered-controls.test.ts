import { HOLDS } from "../../lib/checklist/control";
import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import { renderedControls } from "../../lib/gateway/rendered-controls";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { breaks, type Mutable } from "../../lib/testing";
import { closeText, openText } from "../deletion/embedded";
import { EXAMPLES, synthExample } from "../support/examples";

const control = (id: string) => renderedControls.find((one) => one.id === `gateway.${id}`)!;
const DOCS = "mcp_server-docs_service_definition";
const ORDERS = "mcp_server-orders_service_definition";

/** A container of a server's task definition, changed in place. */
function change(json: Mutable, server: string, name: string, how: (container: Mutable) => void): void {
  const [, block] = Object.entries<Mutable>(json.resource.aws_ecs_task_definition).find(([id]) =>
    id.startsWith(server),
  )!;
  const containers = openText(block.container_definitions as string) as Mutable[];
  how(containers.find((container) => container.name === name)!);
  block.container_definitions = closeText(containers);
}

/** The same with Envoy's configuration open. */
function envoy(json: Mutable, server: string, how: (manager: Mutable, bootstrap: Mutable) => void): void {
  change(json, server, "gateway", ({ command }) => {
    const bootstrap = openText(command[1] as string) as Mutable;
    how(bootstrap.static_resources.listeners[0].filter_chains[0].filters[0].typed_config, bootstrap);
    command[1] = closeText(bootstrap);
  });
}

const declared = (json: Mutable, server: string): Mutable =>
  json["//"]["hardened-mcp"][`complete/mcp/server-${server}`];

describe("a gateway is what its server's policy is rendered to", () => {
  test.each(EXAMPLES)("in %s, stored or not, split or not", (name) => {
    const plan = synthExample(name);
    for (const block of plan.blocks("aws_ecs_task_definition"))
      for (const { id, judge } of renderedControls) expect([id, judge(block, plan)]).toEqual([id, HOLDS]);
  });
  test("a file that does not say what it was made from is not passed", () => {
    const { source } = synthExample("complete");
    const silent = new Plan({ ...source, "//": {} });
    for (const one of renderedControls)
      for (const block of silent.blocks(...one.on))
        expect(one.judge(block, silent)).toMatchObject({ holds: "unknown" });
  });
});

describe("an override of Envoy's configuration is named", () => {
  const plan = synthExample("complete");
  const rendered = control("as-rendered");
  const ROUTER = /http_filters\[envoy\.filters\.http\.router\]/;
  const cases: readonly (readonly [string, (manager: Mutable, bootstrap: Mutable) => void, RegExp])[] = [
    [
      "a router without Envoy's headers, by which answers of the server are told apart",
      ({ http_filters: filters }) => (filters.at(-1).typed_config.suppress_envoy_headers = true),
      ROUTER,
    ],
    [
      "the header that tells them taken away by a route",
      ({ route_config: routes }) => (routes.response_headers_to_remove = ["x-envoy-upstream-service-time"]),
      /route_config\.response_headers_to_remove/,
    ],
    ["more trusted proxies", (manager) => (manager.xff_num_trusted_hops = 2), /xff_num_trusted_hops/],
    ["an admin interface", (_manager, bootstrap) => (bootstrap.admin = {}), /admin/],
    [
      "a filter more",
      ({ http_filters: filters }) => filters.splice(3, 0, { name: "x", typed_config: {} }),
      /differs at \d+ places: .*http_filters/,
    ],
    ["no limit of headers", (manager) => delete manager.max_request_headers_kb, /max_request_headers_kb/],
  ];
  test.each(cases)("%s", (_name, how, path) => {
    for (const server of [DOCS, ORDERS])
      expect(breaks(rendered, plan, (json) => envoy(json, server, how))).toMatchObject({
        holds: false,
        says: expect.stringMatching(path) as string,
      });
  });
  test("more than three places are counted, three are named", () => {
    const { says } = breaks(rendered, plan, (json) =>
      envoy(json, DOCS, (manager) => {
        for (const key of ["server_name", "normalize_path", "codec_type", "request_timeout"])
          delete manager[key];
      }),
    ) as { says: string };
    expect(says).toMatch(/differs at 4 places: [^,]+, [^,]+, [^,]+$/);
  });
  test.each([
    ["a second variable of the same name", ({ environment }: Mutable) => environment.push(environment[0])],
    ["another order of stopping", (container: Mutable) => (container.stopTimeout = 5)],
    ["more logging of what Envoy does", ({ command }: Mutable) => command.push("--component-log-level")],
    ["a wait for something", (container: Mutable) => (container.dependsOn = [])],
  ])("%s", (_name, how) => {
    expect(breaks(rendered, plan, (json) => change(json, DOCS, "gateway", how))).toMatchObject({
      holds: false,
    });
  });
  test("a policy that is declared otherwise than the gateway has it, in its store, is seen", () => {
    const finding = breaks(rendered, plan, (json) => {
      declared(json, "orders").policy.tools.search.timeoutSeconds += 1;
    });
    expect(finding).toMatchObject({ holds: false, says: expect.stringContaining("differs") as string });
  });
});

describe("a record that was changed together with the gateway is not true", () => {
  const plan = synthExample("complete");
  const record = (json: Mutable) => declared(json, "docs").gateways[0] as Mutable;
  const policy = (json: Mutable) => declared(json, "docs").policy as Mutable;
  const cases: readonly (readonly [string, (json: Mutable) => void, RegExp])[] = [
    ["another port", (json) => (record(json).serverPort = 9), /listens on 8080/],
    ["another name", (json) => (record(json).peersHostname = "x.internal"), /not shared/],
    ["another zone", (json) => (record(json).peersHostname = "docs.evil.example"), /evil/],
    ["nobody to share with", (json) => delete record(json).peersHostname, /not shared/],
    ["fewer tasks than there may be", (json) => (record(json).maxTasks = 1), /up to 6/],
    ["no bound of requests", (json) => (record(json).requestsPerSecond = 1e9), /requests a second/],
    ["no memory to overload", (json) => (record(json).memoryMib = 1e6), /memory/],
    ["no CPU to speak of", (json) => (record(json).cpuUnits = 1), /CPU/],
    ["bodies of any size", (json) => (policy(json).maxBodyBytes = 1e9), /largest body/],
    ["messages of any depth", (json) => (policy(json).maxDepth = 1e9), /deepest/],
    ["messages of any number of values", (json) => (policy(json).maxValues = 1e9), /most values/],
    ["messages for ever", (json) => (policy(json).messageTimeoutSeconds = 1e9), /longest message/],
    ["addresses without a limit", (json) => (policy(json).limits.callsPerMinutePerAddress = 1e9), /address/],
    ["any page", (json) => (policy(json).allowedOrigins = ["http://x"]), /any page/],
    [
      "another path",
      (json) => Object.assign(policy(json), { path: "/x", resource: "https://mcp.example.com/x" }),
      /serves \/x/,
    ],
    [
      "another host",
      (json) => Object.assign(policy(json), { hostname: "x", resource: "https://x/docs/mcp" }),
      /answers to x/,
    ],
    ["another name of itself", (json) => (policy(json).resource = "https://x"), /says of itself/],
  ];
  test.each(cases)("%s", (_name, how, says) => {
    expect(breaks(control("record-true"), plan, how)).toMatchObject({
      holds: false,
      says: expect.stringMatching(says) as string,
    });
  });
  test("one that is taken away is missed", () => {
    for (const one of renderedControls)
      expect(breaks(one, plan, (json) => delete declared(json, "docs").gateways)).toMatchObject({
        holds: false,
      });
  });
});

describe("a gateway has its own secrets and its own log", () => {
  const plan = synthExample("complete");
  const idOf = (type: string, part: string) =>
    Object.keys(plan.source.resource?.[type] ?? {}).find((id) => id.includes(part)) ?? "";
  const secret = (container: Mutable, name: string) =>
    container.secrets.find((one: Mutable) => one.name === name) as Mutable;
  const cases: readonly (readonly [string, (container: Mutable) => void, RegExp])[] = [
    [
      "keys of another server's client",
      (container) =>
        (secret(container, "HMCP_KEYS_ASSISTANT").valueFrom =
          `\${aws_secretsmanager_secret.${idOf("aws_secretsmanager_secret", "ci-bot")}.arn}:hashes::`),
      /HMCP_KEYS_ASSISTANT/,
    ],
    [
      "the keys themselves",
      (container) => {
        const one = secret(container, "HMCP_KEYS_ASSISTANT");
        one.valueFrom = (one.valueFrom as string).replace(":hashes:", ":current:");
      },
      /hashes/,
    ],
    [
      "no key of its certificate",
      (container) => delete secret(container, "HMCP_TLS_KEY").name,
      /HMCP_TLS_KEY/,
    ],
    [
      "a secret that no gateway has",
      (container) => container.secrets.push({ name: "HMCP_KEYS_GHOST", valueFrom: "arn:x" }),
      /GHOST/,
    ],
    [
      "another log",
      (container) => (container.logConfiguration.options["awslogs-group"] = "elsewhere"),
      /audit log/,
    ],
    [
      "the server's log",
      ({ logConfiguration: { options } }) =>
        (options["awslogs-group"] =
          `\${aws_cloudwatch_log_group.${idOf("aws_cloudwatch_log_group", "docs_logs_server")}.name}`),
      /audit log/,
    ],
    ["no region", ({ logConfiguration: { options } }) => delete options["awslogs-region"], /region/],
  ];
  test.each(cases)("%s", (_name, how, says) => {
    expect(breaks(control("own-secrets"), plan, (json) => change(json, DOCS, "gateway", how))).toMatchObject({
      holds: false,
      says: expect.stringMatching(says) as string,
    });
  });
});

test("all controls together cost a synth of the complete example no more than 150 ms of processor", () => {
  const text = JSON.stringify(synthExample("complete").source);
  const once = () => {
    const plan = new Plan(JSON.parse(text) as TerraformJson);
    const before = process.cpuUsage();
    judgePlan(plan, CONTROLS, { asOf: "2026-01-01" });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  once();
  expect(Math.min(...Array.from({ length: 5 }, once))).toBeLessThan(150);
});
