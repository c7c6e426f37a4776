import type { GatewayPartConfig } from "../../lib";
import { resolveGatewayPart } from "../../lib/parts/gateway-model";
import { isTestToken, problemsOf, TOKEN } from "../support/config";
import { good, keyed } from "./gateway-fixture";

describe("what is wrong is said at once", () => {
  const problems = (change: object) =>
    problemsOf(() => resolveGatewayPart({ ...good, ...change } as GatewayPartConfig, isTestToken));
  const jwt = good.auth?.jwt;
  test.each<[string, object, string[]]>([
    ["nothing", {}, []],
    ["nothing, with keys", keyed, []],
    [
      "what is known later",
      {
        ...{ executionRoleArn: TOKEN, topicArn: TOKEN, service: { clusterName: TOKEN, name: TOKEN } },
        archive: { streamArn: TOKEN, subscriptionRoleArn: TOKEN },
        network: { ...good.network, vpcId: TOKEN, subnetIds: TOKEN },
      },
      [],
    ],
    [
      "what a policy is made of cannot be known later",
      { hostname: TOKEN, path: TOKEN, serverName: TOKEN, tasks: { max: TOKEN, hostname: TOKEN } },
      [
        "serverName is known only at deployment",
        "hostname is known only at deployment",
        "path is known only at deployment",
        "tasks.max is known only at deployment",
        "tasks.hostname is known only at deployment",
      ],
    ],
    [
      "what is not said",
      { server: undefined, tasks: undefined, service: undefined, archive: undefined, network: undefined },
      [
        "server is missing",
        "tasks is missing",
        "service is missing",
        "archive is missing",
        "network is missing",
      ],
    ],
    [
      "what is a server's alone",
      {
        run: {},
        sessions: "single-task",
        secrets: {},
        downstream: {},
        grants: {},
        isolation: {},
        rotation: {},
      },
      ["run", "sessions", "secrets", "downstream", "grants", "isolation", "rotation"].map(
        (field) => `${field} is not a field here`,
      ),
    ],
    [
      "a count in one store",
      { limits: { scope: "exact", onFailure: "closed" } },
      ["limits.scope asks for one count for all tasks"],
    ],
    [
      "sharing without a name to share by",
      { limits: { scope: "shared" } },
      ['limits.scope is "shared", and there is no tasks.hostname'],
    ],
    [
      "keys that are mirrored",
      { auth: { jwt: { ...jwt, keys: { kind: "mirrored", uri: "https://login.example.com/keys" } } } },
      ["auth.jwt.keys.kind asks for keys that are mirrored"],
    ],
    [
      "keys that are fetched",
      { auth: { jwt: { ...jwt, keys: { kind: "fetched", uri: "https://login.example.com/keys" } } } },
      ["auth.jwt.keys.kind asks for keys fetched by the gateway"],
    ],
    [
      "a certificate that nobody verifies",
      { clients: { a: { identity: { kind: "mtls", subject: "CN=a" }, tools: ["search"] } } },
      ["clients.a.identity"],
    ],
    [
      "a tool slower than the load balancer waits",
      { tools: { ...good.tools, search: { access: "read", callsPerMinute: 60, timeoutSeconds: 60 } } },
      ["tools.search.timeoutSeconds is 60, expected less than loadBalancer.idleSeconds (60)"],
    ],
    [
      "a gateway that does not fit",
      { reservedBytes: 32_768, gateway: { ...good.gateway, allowedOrigins: origins(50) } },
      ["the configuration needs"],
    ],
    [
      "every field",
      {
        serverName: "Orders",
        hostname: "https://mcp.example.com",
        path: "orders",
        gateway: { ...good.gateway, cpuUnits: 1 },
        server: { port: 8443, healthPath: "health" },
        tasks: { max: 9, hostname: "Orders" },
        loadBalancer: { idleSeconds: 0, certificates: "yes" },
        service: { clusterName: "a b", name: "" },
        executionRoleArn: "orders",
        topicArn: "oncall",
        logRetainDays: 8,
        reservedBytes: 1,
        archive: { streamArn: "s", subscriptionRoleArn: "r" },
        network: { vpcId: "vpc", subnetIds: ["subnet-0123456789abcdef0"], endpointSecurityGroupId: "g" },
        iam: { path: "x" },
        key: { kind: "existing", arn: "k" },
        logsKey: { kind: "existing", arn: "k" },
      },
      [
        'serverName is "Orders"',
        "hostname is",
        'path is "orders"',
        "gateway.cpuUnits is 1",
        "server.port is 8443, the gateway's own port",
        'server.healthPath is "health"',
        "tasks.max is 9",
        'tasks.hostname is "Orders"',
        "loadBalancer.idleSeconds is 0",
        "loadBalancer.certificates is a string",
        'service.clusterName is "a b"',
        "service.name is",
        'executionRoleArn is "orders"',
        'topicArn is "oncall"',
        "logRetainDays is 8",
        "reservedBytes is 1",
        'archive.streamArn is "s"',
        'archive.subscriptionRoleArn is "r"',
        'network.vpcId is "vpc"',
        "network.subnetIds has 1",
        'network.endpointSecurityGroupId is "g"',
        'iam.path is "x"',
        'key.arn is "k"',
        'logsKey.arn is "k"',
      ],
    ],
  ])("%s", (_what, change, said) =>
    expect(problems(change)).toEqual(said.map((each) => expect.stringContaining(each))),
  );
});

function origins(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `https://${"a".repeat(200)}${index}.example.com`);
}
