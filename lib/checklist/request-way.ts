import { NetworkGraph } from "../terraform/graph/network";
import { describeDestination, waysOut } from "../terraform/graph/outward";
import type { Block, Plan } from "../terraform/plan";

/** One hop of the way of a request. */
export interface Hop {
  readonly title: string;
  readonly detail: string;
  /** Stands beside the way: nothing flows through it to the next. */
  readonly beside?: true;
}

/** The way of a request, drawn from the resources that are in the file: what is missing there is missing here. */
export function hopsOf(plan: Plan): Hop[] {
  const balancers = plan.blocks("aws_lb");
  const given = plan.all.some(({ mode, type }) => mode === "data" && type === "aws_lb");
  if (balancers.length === 0 && !given) return [];
  const services = plan.blocks("aws_ecs_service");
  const groups = plan.blocks("aws_lb_target_group");
  const destinations = new Set(services.flatMap((service) => destinationsOf(service, plan))).size;
  const locked = plan.blocks("aws_s3_bucket_object_lock_configuration").length > 0;
  return [
    ...plan.blocks("aws_wafv2_web_acl").map((acl) => firewall(acl, plan)),
    ...(balancers.length === 0
      ? [
          {
            title: "Load balancer of somebody else",
            detail: "read at every plan, which stops where it is not fit",
          },
        ]
      : balancers.map((balancer) => balancerHop(balancer, plan))),
    ...(groups.length === 0
      ? []
      : [
          {
            title: "Gateway of each task",
            detail: `${distinct(groups.map(target))}: identity, tools, arguments, limits`,
          },
        ]),
    ...(services.length === 0
      ? []
      : [
          {
            title: "Servers",
            detail: `${services.map(({ body }) => text(body["name"])).join(", ")}: on loopback only`,
          },
        ]),
    {
      title: "Beyond",
      detail: `${destinations} ${destinations === 1 ? "destination is" : "destinations are"} open to tasks; every other is closed`,
    },
    ...(locked
      ? [{ title: "Audit archive", detail: "one line a request, object-locked", beside: true as const }]
      : []),
  ];
}

/** A web ACL that nothing is joined to stops nobody. */
function firewall(acl: Block, plan: Plan): Hop {
  const rules = `${size(acl.body["rule"])} rules of a web ACL`;
  const joined = plan.referring(acl, "aws_wafv2_web_acl_association", "web_acl_arn").length > 0;
  return joined
    ? { title: "Firewall", detail: rules }
    : { title: "Firewall", detail: `${rules}, which is joined to nothing here`, beside: true };
}

function balancerHop(balancer: Block, plan: Plan): Hop {
  const listeners = plan
    .referring(balancer, "aws_lb_listener", "load_balancer_arn")
    .map(
      ({ body }) =>
        `${text(body["protocol"])} ${text(body["port"])}, policy ${text(body["ssl_policy"], "none")}`,
    );
  const { internal } = balancer.body;
  return {
    title: `Load balancer, ${internal === true ? "inside only" : "from the internet"}`,
    detail: listeners.length === 0 ? "no listener" : distinct(listeners),
  };
}

function target({ body }: Block): string {
  return `${text(body["protocol"])} ${text(body["protocol_version"], "")} to port ${text(body["port"])}`.replace(
    "  ",
    " ",
  );
}

function destinationsOf({ address }: Block, plan: Plan): string[] {
  const graph = NetworkGraph.of(plan);
  const end = graph.end(address);
  return end === undefined ? [] : waysOut(end, graph).map(describeDestination);
}

function distinct(all: readonly string[]): string {
  return [...new Set(all)].join("; ");
}

function size(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

function text(value: unknown, otherwise = "?"): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : otherwise;
}
