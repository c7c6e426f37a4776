import { drawingOf } from "../../lib/checklist/deployment";
import { page } from "../../lib/checklist/html/page";
import { report } from "../../lib/checklist/report";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { File, IN, one } from "../addition/added";
import { synthExample, synthExampleText } from "../support/examples";

const file = new File(JSON.parse(synthExampleText("complete")) as TerraformJson);
const drawn = (source: TerraformJson) => drawingOf(new Plan(source));
const network = (source: TerraformJson, at = 0) => drawn(source).networks[at];
const ends = (source: TerraformJson) =>
  network(source)?.tiers.map(({ leadsTo, holds }) => [
    leadsTo.join(),
    holds.map(({ name }) => name).join(" "),
  ]);
const vpc = (name: string, more: object = {}) => ({
  aws_vpc: { [name]: { cidr_block: "10.0.0.0/16" } },
  aws_subnet: { s: { vpc_id: `\${aws_vpc.${name}.id}`, cidr_block: "10.0.1.0/24" } },
  ...more,
});

describe("a deployment is drawn from what stands in the file", () => {
  test("of ours: what meets the internet first, tasks and endpoints where no route leaves", () => {
    expect(network(file.source)).toMatchObject({
      name: "acme-prod-network",
      range: "10.40.0.0/20",
      doors: ["internet gateway", "gateway endpoint of s3"],
    });
    const [first, ...others] = network(file.source)?.tiers ?? [];
    expect(first).toEqual({
      subnets: [
        { name: "acme-prod-public-eu-west-1a", zone: "eu-west-1a", range: "10.40.0.0/25" },
        { name: "acme-prod-public-eu-west-1b", zone: "eu-west-1b", range: "10.40.0.128/25" },
      ],
      leadsTo: ["the internet"],
      holds: [{ kind: "balancer", name: "acme-prod-ingress" }],
    });
    expect(others.map(({ leadsTo }) => leadsTo)).toEqual([[], []]);
    const holds = others.flatMap((tier) => tier.holds);
    expect(holds).toEqual(expect.arrayContaining([{ kind: "service", name: "acme-prod-orders" }]));
    expect(holds).toEqual(expect.arrayContaining([{ kind: "endpoint", name: "secretsmanager" }]));
  });

  test("what stands in no network is counted, and nothing twice", () => {
    const { beside } = drawn(file.source);
    expect(beside).toEqual(
      expect.arrayContaining([
        { what: "secrets", count: 7 },
        { what: "alarms", count: 48 },
      ]),
    );
    // All five stand in the network.
    expect(beside.map(({ what }) => what)).not.toContain("functions");
    const alone = file.with(one("aws_lambda_function", { function_name: "alone" }));
    expect(drawn(alone).beside).toContainEqual({ what: "functions", count: 1 });
  });

  test("a host that somebody puts beside the load balancer stands there, in its zone alone", () => {
    const [subnet] = file.value(IN.balancer, "subnets") as string[];
    const host = file.with(one("aws_instance", { subnet_id: subnet, tags: { Name: "bastion" } }));
    expect(ends(host)?.filter(([, names]) => names?.includes("bastion"))).toEqual([
      ["the internet", "acme-prod-ingress bastion"],
    ]);
    expect(network(host)?.tiers).toHaveLength(4);
  });

  test.each([
    [
      "gateway_id",
      { aws_internet_gateway: { g: { vpc_id: "${aws_vpc.a.id}" } } },
      "${aws_internet_gateway.g.id}",
      "the internet",
    ],
    ["nat_gateway_id", {}, "nat-1", "the internet, outwards through NAT"],
    ["transit_gateway_id", {}, "tgw-1", "a transit gateway"],
    ["vpc_peering_connection_id", {}, "pcx-1", "a peered network"],
    ["vpc_endpoint_id", {}, "vpce-1", "where this file does not say"],
  ])("a route by %s", (field, more, target, says) => {
    const table = { t: { vpc_id: "${aws_vpc.a.id}", route: [{ cidr_block: "0.0.0.0/0", [field]: target }] } };
    const joined = { j: { subnet_id: "${aws_subnet.s.id}", route_table_id: "${aws_route_table.t.id}" } };
    const resource = vpc("a", { aws_route_table: table, aws_route_table_association: joined, ...more });
    expect(ends({ resource } as TerraformJson)).toEqual([[says, ""]]);
  });

  test("subnets that are given, and those that nobody names, are somebody else's", () => {
    const service = (subnets: unknown) =>
      drawn({
        resource: { aws_ecs_service: { s: { name: "s", network_configuration: [{ subnets }] } } },
      } as TerraformJson);
    const [given] = service(["subnet-1", "subnet-2"]).networks;
    expect(given).toEqual({
      name: "networks of somebody else",
      doors: [],
      tiers: [
        {
          subnets: [{ name: "subnet-1" }, { name: "subnet-2" }],
          leadsTo: ["where this file does not say"],
          holds: [{ kind: "service", name: "s" }],
        },
      ],
    });
    expect(service("${var.subnets}").networks[0]?.tiers[0]?.subnets).toEqual([
      { name: "a subnet outside of this file" },
    ]);
  });

  test("of a file without a network nothing is drawn", () => {
    expect(drawn({ resource: { aws_s3_bucket: { b: {} } } })).toEqual({
      networks: [],
      beside: [{ what: "buckets", count: 1 }],
    });
  });
});

describe("the page shows first what has to be looked at", () => {
  const text = (plan: Plan) => page(report([{ stack: "s", file: "f", plan }], [], "2026-11-25"));
  test("and the drawing, with nothing of a name that could be markup", () => {
    const resource = vpc("a", {
      aws_instance: { i: { subnet_id: "${aws_subnet.s.id}", tags: { Name: "<b>x" } } },
    });
    const shown = text(new Plan({ resource } as TerraformJson));
    expect(shown).toContain("host <strong>&#60;b&#62;x</strong>");
    expect(shown).not.toContain("<b>x");
  });
  test.each([
    ["fails", { result: "fail", detail: "it is open" }, 1],
    ["is unknown", { result: "unknown", detail: "by a token" }, 1],
    ["passes", { result: "pass" }, 0],
  ] as const)("what %s", (_what, found, times) => {
    const verdict = {
      control: "a.b",
      item: 1,
      says: "It holds",
      why: "so",
      stack: "s",
      file: "f",
      ...found,
    } as const;
    const plan = synthExample("minimal");
    const shown = page(report([{ stack: "s", file: "f", plan }], [], "2026-11-25", [verdict]));
    expect(shown.split('id="attention"')).toHaveLength(1 + times);
    expect(shown.split('href="#attention"')).toHaveLength(1 + times);
    if (times > 0) expect(shown.indexOf(found.result)).toBeLessThan(shown.indexOf('id="items"'));
  });
});
