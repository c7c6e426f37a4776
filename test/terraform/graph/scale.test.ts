import { isLike } from "../../../lib/terraform/graph/conditions";
import { NetworkGraph } from "../../../lib/terraform/graph/network";
import { rightsOf } from "../../../lib/terraform/graph/rights";
import { waysInto } from "../../../lib/terraform/graph/ways";
import { network, ref, type Resources } from "./fixture";
import { host, TASK } from "./parts";

/** Milliseconds of the processor. */
function cost<T>(work: () => T): [T, number] {
  const started = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(started);
  return [result, (user + system) / 1000];
}

const inEach = { from_port: 0, to_port: 0, protocol: "-1", self: true };
const everybody = { from_port: 443, to_port: 443, protocol: "tcp", cidr_blocks: ["0.0.0.0/0"] };

/** Hosts that may all connect to each other, from wherever they are reached; the task among them. */
function mesh(many: number, groups: number): Resources {
  const made: Resources = {
    [TASK]: {
      network_configuration: {
        subnets: [ref("aws_subnet.public")],
        security_groups: [ref("aws_security_group.m0")],
      },
    },
  };
  for (let group = 0; group < groups; group += 1)
    made[`aws_security_group.m${group}`] = {
      vpc_id: ref("aws_vpc.a"),
      ingress: [everybody, inEach, { ...inEach, self: false, cidr_blocks: ["10.0.0.0/16"] }],
      egress: [{ from_port: 0, to_port: 0, protocol: "-1", cidr_blocks: ["0.0.0.0/0"] }],
    };
  for (let index = 0; index < many; index += 1)
    made[`aws_instance.m${index}`] = {
      ...host()["aws_instance.host"],
      vpc_security_group_ids: [ref(`aws_security_group.m${index % groups}`)],
    };
  return made;
}

describe("what grows as the file grows takes no more than its square", () => {
  test.each([
    [200, 1],
    [60, 30],
  ])("%i hosts in %i groups that all reach each other", (many, groups) => {
    const plan = network(mesh(many, groups));
    const [ways, ms] = cost(() => {
      const graph = NetworkGraph.of(plan);
      const end = graph.end(TASK);
      if (!end) throw new Error("there is no task");
      return waysInto(end, graph);
    });
    expect(new Set(ways.flatMap(({ hops }) => hops.map(({ end }) => end))).size).toBeGreaterThan(many);
    expect(Math.max(...ways.map(({ hops }) => hops.length))).toBe(2);
    expect(ms).toBeLessThan(1500);
  });
  test("sixty roles that all may take on each other", () => {
    const roles: Resources = {};
    for (let index = 0; index < 60; index += 1) {
      const statement = { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" };
      const right = { Effect: "Allow", Action: ["sts:AssumeRole", "s3:GetObject"], Resource: "*" };
      roles[`aws_iam_role.r${index}`] = {
        name: `r${index}`,
        assume_role_policy: JSON.stringify({ Statement: [statement] }),
      };
      roles[`aws_iam_role_policy.r${index}`] = {
        role: ref(`aws_iam_role.r${index}`),
        policy: JSON.stringify({ Statement: [right] }),
      };
    }
    const plan = network(roles);
    const [rights, ms] = cost(() => plan.blocks("aws_iam_role").map((role) => rightsOf(role, plan)));
    expect(rights.map(({ length }) => length)).toEqual(rights.map(() => 60));
    expect(rights.flat().every(({ by }) => by.length <= 2)).toBe(true);
    expect(ms).toBeLessThan(1500);
  });
  test("a pattern of stars against a text that nearly fits", () => {
    const [found, ms] = cost(() => isLike(`${"*a".repeat(40)}b`, "a".repeat(2000)));
    expect([found, ms < 100]).toEqual([false, true]);
  });
});

describe("patterns", () => {
  test.each([
    ["*", "", true],
    ["a*", "a", true],
    ["a*c", "abc", true],
    ["a*c", "abcd", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["*:role/x", "arn:aws:iam::1:role/x", true],
    ["a*b*c", "aXbYbZc", true],
    ["a.c", "abc", false],
    ["a", "ab", false],
    ["ab", "a", false],
    ["**", "x", true],
    ["a*?", "a", false],
    ["a\nb*", "a\nbc", true],
    ["", "", true],
    ["", "a", false],
  ])("%j and %j: %s", (pattern, text, expected) => expect(isLike(pattern, text)).toBe(expected));
  test("of actions know no capitals", () => {
    expect([isLike("S3:get*", "s3:GetObject", true), isLike("S3:get*", "s3:GetObject")]).toEqual([
      true,
      false,
    ]);
  });
});
