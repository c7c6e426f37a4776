import { CliError } from "../../../lib/cli/io";
import { gatewayTasks, type GatewayTask } from "../../../lib/cli/up/gateway-task";
import { localise, type Local } from "../../../lib/cli/up/localise";
import { docs, orders, plan, policyOf, taskDefinition } from "../fixture";
import type { PolicyDocument } from "../../../lib/policy";
import { Plan, type TerraformJson } from "../../../lib/terraform/plan";

const [task, keysOnly] = gatewayTasks(plan({ orders, docs })) as [GatewayTask, GatewayTask];
const local: Local = { port: 8080, upstreamPort: 9090, tls: false, jwks: { keys: [{ kid: "local" }] } };

/** Paths at which two documents differ, texts that are JSON opened. */
function differences(a: unknown, b: unknown, path = ""): string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  const [from, to] = [opened(a), opened(b)];
  if (typeof from !== "object" || typeof to !== "object" || from === null || to === null) return [path];
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...keys].flatMap((key) =>
    differences(
      (from as Record<string, unknown>)[key],
      (to as Record<string, unknown>)[key],
      `${path}/${key}`,
    ),
  );
}

function opened(value: unknown): unknown {
  try {
    return typeof value === "string" && /^[[{]/.test(value) ? JSON.parse(value) : value;
  } catch {
    return value;
  }
}

const HCM = "/static_resources/listeners/0/filter_chains/0/filters/0/typed_config";
const ADDRESS = "/load_assignment/endpoints/0/lb_endpoints/0/endpoint/address/socket_address";

describe("what differs from the file is this and nothing else", () => {
  const { bootstrap, environment } = localise(task, local);
  test("in Envoy's configuration", () => {
    const names = filters(task).map(({ name }) => name);
    const at = (name: string) => `${HCM}/http_filters/${names.indexOf(name)}/typed_config`;
    expect(differences(task.bootstrap, bootstrap).sort()).toEqual(
      [
        "/static_resources/listeners/0/address/socket_address/address",
        "/static_resources/listeners/0/address/socket_address/port_value",
        "/static_resources/listeners/0/filter_chains/0/transport_socket",
        "/static_resources/listeners/0/filter_chains/0/transport_socket_connect_timeout",
        `${HCM}/route_config/virtual_hosts/0/domains/0`,
        `${HCM}/route_config/virtual_hosts/0/routes/0/direct_response/body/inline_string/resource`,
        `${HCM}/route_config/virtual_hosts/0/routes/0/direct_response/body/inline_string/authorization_servers/0`,
        `${at("hmcp.edge")}/rules/policies/not-found/permissions/0/or_rules/rules/0/not_rule/header/string_match/exact`,
        `${at("hmcp.jwt")}/providers/issuer/issuer`,
        `${at("hmcp.jwt")}/providers/issuer/audiences/0`,
        ...["kid", "kty", "n", "e", "use", "alg"].map(
          (key) => `${at("hmcp.jwt")}/providers/issuer/local_jwks/inline_string/keys/0/${key}`,
        ),
        `/static_resources/clusters/0${ADDRESS}/port_value`,
        "/static_resources/clusters/1/cluster_type",
        "/static_resources/clusters/1/type",
        `/static_resources/clusters/1${ADDRESS}/address`,
        `/static_resources/clusters/1${ADDRESS}/port_value`,
      ].sort(),
    );
  });
  test("in the policy", () => {
    expect(differences(task.environment, environment)).toEqual([
      "/HMCP_POLICY/resource",
      "/HMCP_POLICY/metadata",
    ]);
  });
  test("with --tls, TLS is not among it", () => {
    const paths = differences(task.bootstrap, localise(task, { ...local, tls: true }).bootstrap);
    expect(paths.filter((path) => path.includes("transport_socket"))).toEqual([]);
    expect(paths.length).toBeGreaterThan(5);
  });
});

describe("where the gateway is", () => {
  test.each([
    [false, "http://127.0.0.1:8080/orders/mcp"],
    [true, "https://127.0.0.1:8080/orders/mcp"],
  ])("tls %s: %s, also in the audience", (tls, url) => {
    const placed = localise(task, { ...local, tls });
    expect([placed.url, placed.issuer?.audience]).toEqual([url, url]);
  });
  test("an audience of one's own stays", () => {
    const jwt = { ...orders.auth?.jwt, audience: "urn:acme:orders" } as NonNullable<
      typeof orders.auth
    >["jwt"];
    const [own] = gatewayTasks(plan({ orders: { ...orders, auth: { ...(jwt && { jwt }) } } }));
    expect(localise(own as GatewayTask, local).issuer?.audience).toBe("urn:acme:orders");
  });
  test("without tokens there is no issuer", () => expect(localise(keysOnly, local).issuer).toBeUndefined());
  test("everything is told", () => {
    expect(localise(task, local).changes).toEqual([
      "port 8443 is 127.0.0.1:8080",
      "TLS is left out: plain HTTP, on loopback only (--tls keeps it)",
      "server at port 3000 is at 127.0.0.1:9090",
      expect.stringMatching(/^other tasks at orders.acme-prod.internal: none/),
      "issuer https://login.example.com/ is https://local-issuer.invalid/, with a key made just now",
      "host mcp.example.com is 127.0.0.1, also in the metadata document and the audience of tokens",
      "secrets: values made just now, for this run only",
    ]);
  });
  test("the file's own gateway is not touched", () => {
    const before = JSON.stringify(task);
    localise(task, local);
    expect(JSON.stringify(task)).toBe(before);
  });
});

describe("what only Terraform knows", () => {
  test("a host that is a reference is placed like any other, and others lead nowhere", () => {
    const policy = policyOf("orders", docs, "${aws_route53_record.r.fqdn}");
    const body = taskDefinition(policy);
    const json = { resource: { aws_ecs_task_definition: { t: body } } } as TerraformJson;
    const [of] = gatewayTasks(new Plan(json)) as [GatewayTask];
    const tagged = { ...of, environment: { ...of.environment, REGION: "${data.aws_region.r.id}" } };
    const { environment, url, changes } = localise(tagged, local);
    expect(url).toBe("http://127.0.0.1:8080/docs/mcp");
    expect(environment.REGION).toBe("unknown.invalid");
    expect(changes).toContainEqual(
      expect.stringMatching(/^\$\{data\.aws_region\.r\.id\} is known only once deployed/),
    );
  });
});

describe("limits of more than one task", () => {
  const placed = (change: (policy: PolicyDocument) => PolicyDocument) => {
    const policy = change(policyOf("docs", docs));
    const json = { resource: { aws_ecs_task_definition: { t: taskDefinition(policy) } } } as TerraformJson;
    const [of] = gatewayTasks(new Plan(json)) as [GatewayTask];
    return localise(of, local);
  };
  const names = (bootstrap: unknown) => JSON.stringify(bootstrap);
  test("a tool that is counted apart has its server here too", () => {
    const { bootstrap } = placed((policy) => {
      const lookup = policy.tools["lookup"] as PolicyDocument["tools"][string];
      return { ...policy, tools: { lookup: { ...lookup, callsAtOncePerTask: 2 } } };
    });
    expect(names(bootstrap)).toContain('"server:lookup"');
    expect(names(bootstrap)).not.toContain('"port_value":3000');
  });
  test("a store is not asked, and that is said", () => {
    const { bootstrap, changes } = placed((policy) => ({
      ...policy,
      limits: { scope: "exact", onFailure: "closed", callsPerMinutePerAddress: 9 },
    }));
    expect(names(bootstrap)).not.toContain("ratelimit.v3.RateLimit");
    expect(names(bootstrap)).not.toContain('"name":"ratelimit"');
    expect(names(bootstrap)).toContain("hmcp.address-limit");
    expect(changes).toContainEqual(expect.stringContaining("the store of exact limits: not asked"));
  });
});

describe("a gateway of another make is refused, not half changed", () => {
  type Change = (bootstrap: { static_resources: Record<string, Record<string, unknown>[]> }) => void;
  test.each<[string, Change, RegExp]>([
    ["a second listener", (b) => b.static_resources.listeners?.push({}), /another listener/],
    ["a cluster that we do not know", (b) => b.static_resources.clusters?.push({ name: "x" }), /calls x/],
    ["no server", (b) => (b.static_resources.clusters = []), /calls no server/],
  ])("%s", (_what, change, message) => {
    const bootstrap = structuredClone(task.bootstrap);
    change(bootstrap as never);
    const attempt = () => localise({ ...task, bootstrap }, local);
    expect(attempt).toThrow(CliError);
    expect(attempt).toThrow(message);
  });
});

describe("finding the gateway in the file", () => {
  test("by the servers' names in the manifest", () => {
    expect([task.server, keysOnly.server]).toEqual(["orders", "docs"]);
  });
  test("by the family where there is no manifest", () => {
    const json = { resource: { aws_ecs_task_definition: { t: taskDefinition(policyOf("orders", orders)) } } };
    expect(gatewayTasks(new Plan(json as TerraformJson))[0]?.server).toBe("acme-prod-orders");
  });
  test("with its command line, its variables and the names of its secrets", () => {
    expect(task.arguments).toContain("--disable-hot-restart");
    expect(task.arguments).not.toContain("--config-yaml");
    expect(Object.keys(task.environment)).toEqual(["HMCP_POLICY", "HMCP_LUA", "HMCP_LOADER"]);
    expect(task.secrets).toEqual(["HMCP_TLS_CERTIFICATE", "HMCP_TLS_KEY", "HMCP_KEYS_CI_BOT"]);
  });
  test("one without its configuration is refused", () => {
    const containers = JSON.stringify([{ name: "gateway", command: ["--version"] }]);
    const json = { resource: { aws_ecs_task_definition: { t: { container_definitions: containers } } } };
    expect(() => gatewayTasks(new Plan(json))).toThrow(/aws_ecs_task_definition\.t has a gateway without/);
  });
});

function filters(of: GatewayTask): { name: string }[] {
  const path = ["static_resources", "listeners", "0", "filter_chains", "0", "filters", "0", "typed_config"];
  const manager = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], of.bootstrap);
  return (manager as { http_filters: { name: string }[] }).http_filters;
}
