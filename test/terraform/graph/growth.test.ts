import type { End } from "../../../lib/terraform/graph/ends";
import { NetworkGraph } from "../../../lib/terraform/graph/network";
import { describeDestination, waysOut } from "../../../lib/terraform/graph/outward";
import { waysInto } from "../../../lib/terraform/graph/ways";
import { network, ref, type Resources } from "./fixture";

type Groups = (index: number) => { readonly of: readonly number[]; readonly lines: Record<string, unknown> };

const group = (index: number) => ref(`aws_security_group.g${index}`);
const port = (index: number) => ({ from_port: 1000 + index, to_port: 1000 + index, protocol: "tcp" });
const range = (many: number) => Array.from({ length: many }, (_, index) => index);

/** As many services as groups. */
function crowd(many: number, groups: Groups): NetworkGraph {
  const made: Resources = {};
  for (const index of range(many)) {
    const { of, lines } = groups(index);
    made[`aws_security_group.g${index}`] = { vpc_id: ref("aws_vpc.a"), ingress: [lines], egress: [lines] };
    made[`aws_ecs_service.s${index}`] = {
      network_configuration: { subnets: [ref("aws_subnet.tasks")], security_groups: of.map(group) },
    };
  }
  return NetworkGraph.of(network(made));
}

/** Every service in every group, each of which opens another port among its own. */
const allInAll = (many: number): NetworkGraph =>
  crowd(many, (index) => ({ of: range(many), lines: { ...port(index), self: true } }));

/** Every service in a group of its own, which names all the others. */
const eachToEach = (many: number): NetworkGraph =>
  crowd(many, (index) => ({
    of: [index],
    lines: { ...port(0), security_groups: range(many).map(group) },
  }));

const services = (graph: NetworkGraph): End[] =>
  graph.ends.filter(({ id }) => id.startsWith("aws_ecs_service.s"));

const ofEnds = (end: End, graph: NetworkGraph): string[] =>
  waysOut(end, graph)
    .filter(({ kind }) => kind === "end")
    .map(describeDestination);

describe("services and groups in crowds: what is found", () => {
  test("all in all: each reaches every other on every port, and not itself", () => {
    const graph = allInAll(5);
    for (const one of services(graph)) {
      const others = services(graph).filter(({ id }) => id !== one.id);
      const expected = others.flatMap(({ id }) => range(5).map((index) => `${id}:${1000 + index}`));
      expect(ofEnds(one, graph)).toEqual(expected);
    }
  });
  test("each to each: every other on the one port, by the groups of both", () => {
    const graph = eachToEach(5);
    const [first] = services(graph).slice(2);
    expect(first && ofEnds(first, graph)).toEqual(
      [0, 1, 3, 4].map((other) => `aws_ecs_service.s${other}:1000`),
    );
    const found = first && waysOut(first, graph).find(({ name }) => name === "aws_ecs_service.s4");
    expect(found?.by).toEqual(["aws_security_group.g2", "aws_security_group.g4"]);
  });
  test("what is told of one is told of another by its own name", () => {
    const everybody = { ...port(0), cidr_blocks: ["10.0.0.0/16"] };
    const graph = crowd(3, () => ({ of: [0, 1, 2], lines: everybody }));
    for (const end of services(graph))
      expect(waysInto(end, graph).map(({ hops }) => hops.at(-1)?.end)).toEqual([end.id, end.id, end.id]);
  });
});

describe("what is found for one is not told of another", () => {
  const own = [{ ...port(0), self: true }];
  const standsIn = { "aws_security_group.e": { vpc_id: ref("aws_vpc.a"), ingress: own, egress: own } };
  const endpoint = {
    service_name: "com.amazonaws.eu-west-1.sqs",
    vpc_endpoint_type: "Interface",
    subnet_ids: [ref("aws_subnet.tasks")],
    security_group_ids: [ref("aws_security_group.e")],
  };
  const kinds = (changes: Resources) => {
    const graph = NetworkGraph.of(network({ ...standsIn, ...changes }));
    const end = graph.end("aws_vpc_endpoint.one");
    return end && waysOut(end, graph).map(({ kind }) => kind);
  };
  test("an endpoint reaches another of its service, and alone nobody", () => {
    const one = { "aws_vpc_endpoint.one": endpoint };
    expect(kinds(one)).toEqual(["resolver"]);
    expect(kinds({ ...one, "aws_vpc_endpoint.two": endpoint })).toEqual(["service", "resolver"]);
  });
  test("of two balancers in one group one has addresses of IPv6", () => {
    const balancer = {
      internal: false,
      subnets: [ref("aws_subnet.public")],
      security_groups: [ref("aws_security_group.wide")],
    };
    const wide = { ...port(0), ipv6_cidr_blocks: ["::/0"] };
    const graph = NetworkGraph.of(
      network({
        "aws_subnet.public": { ipv6_cidr_block: "2001:db8::/64" },
        "aws_route.six": {
          route_table_id: ref("aws_route_table.public"),
          destination_ipv6_cidr_block: "::/0",
          gateway_id: ref("aws_internet_gateway.igw"),
        },
        "aws_security_group.wide": { vpc_id: ref("aws_vpc.a"), ingress: [wide] },
        "aws_lb.four": balancer,
        "aws_lb.six": { ...balancer, ip_address_type: "dualstack" },
      }),
    );
    const fromSix = (id: string) => {
      const end = graph.end(id);
      return end && waysInto(end, graph).some(({ from }) => from.kind === "internet");
    };
    expect([fromSix("aws_lb.four"), fromSix("aws_lb.six")]).toEqual([false, true]);
  });
  test("a group from elsewhere: the end itself says why it may be open", () => {
    const network_configuration = { subnets: [ref("aws_subnet.tasks")], security_groups: ["sg-1"] };
    const graph = NetworkGraph.of(
      network({
        "aws_ecs_service.a": { network_configuration },
        "aws_ecs_service.b": { network_configuration },
      }),
    );
    for (const id of ["aws_ecs_service.a", "aws_ecs_service.b"]) {
      const end = graph.end(id);
      expect(end && waysOut(end, graph).find(({ kind }) => kind === "vpc")?.by).toEqual([id]);
      expect(end && waysInto(end, graph)[0]?.hops[0]?.by).toEqual([id]);
    }
  });
});

/** How many destinations were made for all services together, however often each was told. */
function made(graph: NetworkGraph): number {
  return new Set(services(graph).flatMap((end) => waysOut(end, graph))).size;
}

/** How often somebody asked for the groups of an end while ways were looked for. */
function asked(graph: NetworkGraph): number {
  const spy = jest.spyOn(graph, "groupsOf");
  for (const end of services(graph)) {
    waysOut(end, graph);
    waysInto(end, graph);
  }
  return spy.mock.calls.length;
}

describe("services and groups in crowds: twice as many are four times the work, and not eight", () => {
  test("all in all: a destination is made once for all who are alike", () => {
    const [some, more] = [made(allInAll(20)), made(allInAll(40))];
    // 40 services on 40 ports, and the resolver.
    expect(more).toBe(40 * 40 + 1);
    expect(more / some).toBeLessThan(4.1);
  });
  test("each to each: rules that name other groups are not looked at", () => {
    const [some, more] = [asked(eachToEach(20)), asked(eachToEach(40))];
    expect(some).toBeGreaterThan(20 * 20);
    expect(more / some).toBeLessThan(4.5);
  });
});
