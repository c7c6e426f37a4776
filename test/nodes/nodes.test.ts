import { App, TerraformResource, TerraformStack, Testing } from "cdktf";
import type { IConstruct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HardenedMcp } from "../../lib";
import { NODE_TABLES, nodeRows, nodesPage } from "../../lib/nodes/page";
import type { NodeTable } from "../../lib/nodes/table";
import { ownStoreConfig } from "../limits/fixture";
import { EXAMPLES } from "../support/examples";
import { PARTS_ALONE } from "../support/parts";
import { ROOT } from "../support/toolchain";

interface WithNodes extends IConstruct {
  readonly nodes: Readonly<Record<string, unknown>>;
}
const withNodes = (construct: IConstruct): construct is WithNodes => "nodes" in construct;

/** What an example makes: its program is run, and nothing is written. */
function made(example: string): IConstruct[] {
  const apps: App[] = [];
  const synth = jest.spyOn(App.prototype, "synth").mockImplementation(function (this: App) {
    apps.push(this);
  });
  jest.isolateModules(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- runs the example as a program
    require(join(ROOT, "examples", example, "main.ts"));
  });
  synth.mockRestore();
  return apps.flatMap((app) => app.node.findAll());
}

const all = [...EXAMPLES, ...PARTS_ALONE.map((part) => `parts/${part}`)].map(
  (name) => [name, made(name)] as const,
);
/** What no example asks for. */
const rare = new HardenedMcp(
  new TerraformStack(Testing.app() as App, "rare"),
  "mcp",
  ownStoreConfig({
    ingress: {
      clientCertificates: {
        requiredOf: "every-client-of-every-server",
        trust: { kind: "new", bundle: { bucket: "authorities", key: "clients.pem", version: "1" } },
      },
    },
  }),
);
const owners = [...all.flatMap(([, constructs]) => constructs), ...rare.node.findAll()].filter(withNodes);
const deployment = (example: string) =>
  all.find(([name]) => name === example)?.[1].find(({ node }) => node.id === "mcp") as HardenedMcp;

/** Every resource in `nodes`, with the way there; records of resources have a `*` in it. */
function resources(of: object, way: string): [string, TerraformResource][] {
  return Object.entries(of).flatMap(([name, value]): [string, TerraformResource][] => {
    if (value instanceof TerraformResource) return [[`${way}.${name}`, value]];
    return typeof value === "object" && value !== null ? resources(value as object, `${way}.${name}`) : [];
  });
}
const reached = owners.map((owner) => [owner, resources(owner.nodes, "nodes")] as const);
/** Ways that lead somewhere in some example, of either half of a server. */
const everyWay = new Set(
  reached.flatMap(([, of]) =>
    of.flatMap(([way]) => {
      const whole = way.replace("nodes.write.", "nodes.");
      return [whole, whole.slice(0, whole.lastIndexOf("."))];
    }),
  ),
);
const named = (kind: string) => reached.filter(([owner]) => owner.constructor.name === kind);

describe.each(NODE_TABLES)("%s", (heading, start, table: NodeTable) => {
  const kind = /`(\w+)`/.exec(heading)?.[1] ?? "";
  const ofKind = named(kind).filter(([{ nodes }]) => start === "nodes" || nodes["write"] !== undefined);

  test.each(nodeRows(start, table).map((row) => [row.way, row] as const))("%s", (way, row) => {
    const isHere = ([at]: readonly [string, unknown]) =>
      at === way || (row.kind === "each" && at.startsWith(`${way}.`));
    const found = ofKind.map(([, of]) => of.filter(isHere).map(([, resource]) => resource));
    if (row.kind === "made") expect(found.filter((one) => one.length !== 1)).toEqual([]);
    const types = found.flat().map(({ terraformResourceType }) => terraformResourceType);
    expect(types.filter((type) => type !== row.type)).toEqual([]);
    expect(everyWay.has(way.replace("nodes.write.", "nodes."))).toBe(true);
  });
});

test("a record has the names of the configuration, zones, or alarms", () => {
  const { platform, servers } = deployment("payments");
  expect(Object.keys(platform.nodes.network.taskSubnets)).toEqual(["eu-west-1a", "eu-west-1b"]);
  expect(Object.keys(platform.nodes.network.endpoints)).toContain("logs");
  const ledger = servers["ledger"]?.nodes;
  expect(Object.keys(ledger?.secrets.own ?? {})).toEqual(Object.keys(ledger?.secrets.ownRotations ?? {}));
  expect(ledger?.secrets.own["database"]?.node.path).toMatch(/own-database\/resource$/);
  expect(ledger?.secrets.clientKeys["reports"]?.node.path).toMatch(/client-reports\/resource$/);
  expect(Object.keys(ledger?.write?.downstreamEndpoints ?? {})).toEqual(["queue"]);
  expect(ledger?.write?.alarms["slow"]).not.toBe(ledger?.alarms["slow"]);
});

test("what is given, or not asked for, is not there", () => {
  const { platform, servers } = deployment("existing-network");
  expect(platform.nodes.network.vpc).toBeUndefined();
  expect(platform.nodes.boundary).toBeUndefined();
  expect(Object.values(servers).map(({ nodes }) => nodes.write)).toEqual([undefined]);
});

test("every service, task definition, load balancer, firewall, bucket of logs, secret and log of calls is a node", () => {
  const { node, platform, servers } = deployment("payments");
  const nodes = new Set(
    [platform, ...Object.values(servers)].flatMap((owner) =>
      resources(owner.nodes, "nodes").map(([, resource]) => resource),
    ),
  );
  const MAIN =
    /^aws_(ecs_(service|task_definition|cluster)|lb(_listener|_listener_rule|_target_group)?|wafv2_web_acl|vpc|secretsmanager_secret|kinesis_firehose_delivery_stream|kms_key|sns_topic)$/;
  const missed = node
    .findAll()
    .filter((one): one is TerraformResource => one instanceof TerraformResource)
    .filter((one) => MAIN.test(one.terraformResourceType) && !nodes.has(one))
    .map((one) => one.node.path.split("/").slice(2).join("/"));
  // What holds the rendered gateway: another text in it is another deployment, and has no name to override.
  expect(missed.filter((path) => !/store\/(policy|program)$/.test(path))).toEqual([]);
});

test("docs/NODES.md is fresh: else `npm run build && node scripts/nodes.mjs`", () => {
  // Without what the formatter decides: blanks and the width of columns.
  const words = (text: string) => text.replace(/-{3,}/g, "---").replace(/\s+/g, " ");
  expect(words(readFileSync(join(ROOT, "docs", "NODES.md"), "utf8"))).toBe(words(nodesPage()));
});
