import type { Plan } from "../terraform/plan";

/** One hop of the way of a request. */
export interface Hop {
  readonly title: string;
  readonly detail: string;
  /** Stands beside the way: nothing flows through it to the next. */
  readonly beside?: true;
}

/** The way of a request, drawn from the resources that are in the file: what is missing there is missing here. */
export function hopsOf(plan: Plan): Hop[] {
  const [balancer] = plan.blocks("aws_lb");
  const given = plan.all.some(({ mode, type }) => mode === "data" && type === "aws_lb");
  if (balancer === undefined && !given) return [];
  const [acl] = plan.blocks("aws_wafv2_web_acl");
  const [listener] = plan.blocks("aws_lb_listener");
  const services = plan.blocks("aws_ecs_service");
  const [group] = plan.blocks("aws_lb_target_group");
  const ways = plan.blocks("aws_vpc_security_group_egress_rule").length;
  const locked = plan.blocks("aws_s3_bucket_object_lock_configuration").length > 0;
  return [
    ...(acl === undefined
      ? []
      : [{ title: "Firewall", detail: `${size(acl.body["rule"])} rules of a web ACL` }]),
    balancer === undefined
      ? {
          title: "Load balancer of somebody else",
          detail: "read at every plan, which stops where it is not fit",
        }
      : {
          title:
            balancer.body["internal"] === true
              ? "Load balancer, inside only"
              : "Load balancer, from the internet",
          detail: `${text(listener?.body["protocol"], "no listener")}, policy ${text(listener?.body["ssl_policy"], "none")}`,
        },
    ...(group === undefined
      ? []
      : [
          {
            title: "Gateway of each task",
            detail: `${text(group.body["protocol"])} ${text(group.body["protocol_version"])} to port ${text(group.body["port"])}: identity, tools, arguments, limits`,
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
    { title: "Beyond", detail: `${ways} ways out are open; every other is closed` },
    ...(locked
      ? [{ title: "Audit archive", detail: "one line a request, object-locked", beside: true as const }]
      : []),
  ];
}

function size(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

function text(value: unknown, otherwise = "?"): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : otherwise;
}
