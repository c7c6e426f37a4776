import { onePathIn } from "../../../lib/network/one-path-in";
import { NetworkGraph } from "../../../lib/terraform/graph/network";
import { describeWay, evidenceOf, waysInto } from "../../../lib/terraform/graph/ways";
import type { Plan } from "../../../lib/terraform/plan";
import { network } from "./fixture";
import { BEYOND } from "./networks-beyond";
import { FURTHER } from "./networks-further";
import { ROUTED } from "./networks-routed";
import { WITHIN } from "./networks-within";
import { open3000, TASK } from "./parts";

/** Every way in, `?` before those that are not certain; ports of the last leg as they are open. */
function ways(plan: Plan): string[] {
  const graph = NetworkGraph.of(plan);
  const end = graph.end(TASK);
  if (!end) throw new Error("there is no task");
  return waysInto(end, graph).map((way) => `${way.sure ? "" : "? "}${describeWay(way)}`);
}

const verdict = (plan: Plan) => onePathIn.judge(plan.blocks("aws_ecs_service")[0] as never, plan);

describe("ways into a task, computed", () => {
  test.each([...WITHIN, ...BEYOND, ...FURTHER, ...ROUTED])("%s", (_what, changes, expected, holds) => {
    const plan = network(changes);
    expect(ways(plan).sort()).toEqual([...expected].sort());
    expect(verdict(plan).holds).toBe(holds);
  });
});

describe("evidence", () => {
  test("names every block that lets it happen", () => {
    const plan = network();
    const graph = NetworkGraph.of(plan);
    const [way] = waysInto(graph.end(TASK) as never, graph);
    expect(way && evidenceOf(way)).toEqual([
      "aws_vpc_security_group_ingress_rule.clients",
      "aws_route.internet",
      "aws_lb_listener_rule.orders",
      "aws_vpc_security_group_egress_rule.forward",
      "aws_vpc_security_group_ingress_rule.forward",
    ]);
  });
  test("stands in the finding", () => {
    const plan = network(open3000({ cidr_ipv4: "10.0.0.0/16" }));
    expect(verdict(plan)).toEqual({
      holds: false,
      says: `there is a way past the gateway: any address in aws_vpc.a (10.0.0.0/16) → ${TASK}:3000 [aws_vpc_security_group_ingress_rule.extra]`,
    });
  });
});

test("what is not of ours has no gateway to be passed by", () => {
  const theirs = JSON.stringify([{ name: "app" }]);
  const plan = network({
    "aws_ecs_task_definition.orders": { container_definitions: theirs },
    ...open3000({ cidr_ipv4: "10.0.0.0/16" }),
  });
  expect(verdict(plan).holds).toBe(true);
});
