import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { GATEWAY } from "../gateway/contract";
import { data, list } from "../gateway/read";
import { NetworkGraph } from "../terraform/graph/network";
import { describeWay, evidenceOf, waysInto, type Way } from "../terraform/graph/ways";
import { opened, type Block, type Plan } from "../terraform/plan";

/** The one thing that no rule shows by itself: computed over routes, network ACLs, groups and listeners together. */
export const onePathIn: Control = {
  id: "network.one-path-in",
  item: 11,
  says: "The only way in leads through the load balancer and the gateway",
  why: "Whoever finds another way meets no firewall, no authentication, no limits, and leaves no record.",
  on: ["aws_ecs_service"],
  needed: true,
  judge: (service, plan) => {
    if (isSomebodyElses(service, plan)) return HOLDS;
    const graph = NetworkGraph.of(plan);
    const end = graph.end(service.address);
    if (end === undefined) return unknown("the file does not say in which network it stands");
    const ways = waysInto(end, graph);
    const past = ways.filter((way) => !isByGateway(way));
    const certain = past.find(({ sure }) => sure);
    if (certain) return fails(`there is a way past the gateway: ${withEvidence(certain)}`);
    if (past[0]) return unknown(`there may be a way past the gateway: ${withEvidence(past[0])}`);
    const doors = [...new Map(ways.map((way) => [doorOf(way), way])).values()];
    return doors.length > 1
      ? fails(`there are ${doors.length} ways in: ${doors.map(withEvidence).join("; ")}`)
      : HOLDS;
  },
  maps: { owasp: ["MCP07"], fsbp: ["ECS.2"] },
};

/** A service with neither of our containers has no gateway to be passed by. */
function isSomebodyElses(service: Block, plan: Plan): boolean {
  const containers = opened(plan.target(service.body.task_definition)?.body.container_definitions);
  const names: readonly unknown[] = Object.values(GATEWAY.containers);
  return containers !== undefined && !list(containers).some((one) => names.includes(data(one).name));
}

/** From outside to a load balancer, and from its listener to the gateway's port: nobody else in between. */
function isByGateway({ hops: [, gateway, ...more] }: Way): boolean {
  const forward = gateway?.forward;
  return (
    more.length === 0 &&
    forward?.container === GATEWAY.containers.gateway &&
    gateway?.from === GATEWAY.port &&
    gateway.to === GATEWAY.port
  );
}

/** The load balancer's port where a way begins. */
function doorOf({ hops: [first] }: Way): string {
  return `${first?.end}:${first?.from}`;
}

function withEvidence(way: Way): string {
  return `${describeWay(way)} [${evidenceOf(way).join(", ")}]`;
}
