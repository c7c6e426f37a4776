/** What may be there already instead of being made here, and the types of which none is looked for then. */
export const GIVEN = {
  "load-balancer": { says: "the load balancer is given", types: ["aws_lb", "aws_lb_listener"] },
  "web-acl": {
    says: "the web ACL is given",
    types: ["aws_wafv2_web_acl", "aws_wafv2_web_acl_logging_configuration"],
  },
  network: {
    says: "the network is given",
    types: ["aws_vpc", "aws_subnet", "aws_default_security_group", "aws_flow_log"],
  },
  endpoints: { says: "endpoints are given", types: ["aws_vpc_endpoint"] },
  certificate: {
    says: "the certificate is given",
    types: ["aws_acm_certificate", "aws_acm_certificate_validation"],
  },
  topic: { says: "the topic is given", types: ["aws_sns_topic", "aws_sns_topic_policy"] },
  cluster: {
    says: "the cluster is given",
    types: ["aws_ecs_cluster", "aws_ecs_cluster_capacity_providers"],
  },
  // Keys of other things are made here all the same, and judged.
  keys: { says: "keys are given", types: [] },
  // Other buckets are made here all the same, and judged.
  archive: { says: "the archive is given", types: [] },
  "log-bucket": { says: "the bucket of the load balancer's logs is given", types: [] },
} as const satisfies Readonly<Record<string, { readonly says: string; readonly types: readonly string[] }>>;

/** Name of something that is given, as manifests write it. */
export type Given = keyof typeof GIVEN;

/** Of what is given, a sentence on what stands for blocks of all these types; nothing where one of them is still made here. */
export function standsFor(given: readonly string[], types: readonly string[]): string | undefined {
  const things: readonly { readonly says: string; readonly types: readonly string[] }[] = given.flatMap(
    (name) => (isGiven(name) ? [GIVEN[name]] : []),
  );
  const found = types.map((type) => things.find((thing) => thing.types.includes(type)));
  return found.includes(undefined) ? undefined : found[0]?.says;
}

function isGiven(name: string): name is Given {
  return Object.hasOwn(GIVEN, name);
}
