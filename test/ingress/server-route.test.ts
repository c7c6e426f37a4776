import type { Block, Plan } from "../../lib/terraform/plan";
import { ingressPlan } from "./fixture";

const plan = ingressPlan({ servers: ["orders", "docs"] });
const bare = ({ body: { "//": _, ...body } }: Block) => body;
const named = (from: Plan, type: string, server: string) => {
  const block = from.blocks(type).find(({ address }) => address.includes(`.${server}_`));
  if (!block) throw new Error(`there is no ${type} of ${server}`);
  return block;
};

test("a server's gateways are reached over TLS and HTTP/2, and asked for their health the same way", () => {
  expect(plan.blocks("aws_lb_target_group")).toHaveLength(2);
  expect(bare(named(plan, "aws_lb_target_group", "orders"))).toEqual({
    name: expect.stringMatching(/^acme-test-orders-[0-9a-f]{6}$/),
    vpc_id: "vpc-0123456789abcdef0",
    port: 8443,
    protocol: "HTTPS",
    protocol_version: "HTTP2",
    target_type: "ip",
    ip_address_type: "ipv4",
    deregistration_delay: "120",
    load_balancing_algorithm_type: "least_outstanding_requests",
    health_check: {
      enabled: true,
      protocol: "HTTPS",
      port: "traffic-port",
      path: "/healthz",
      matcher: "200",
      interval: 10,
      timeout: 5,
      healthy_threshold: 2,
      unhealthy_threshold: 3,
    },
    tags: { team: "platform" },
    lifecycle: { create_before_destroy: true },
  });
});

test("one rule forwards its two paths of the one host, and leaves the priority to AWS", () => {
  expect(plan.blocks("aws_lb_listener_rule")).toHaveLength(2);
  expect(bare(named(plan, "aws_lb_listener_rule", "orders"))).toEqual({
    listener_arn: "${" + `${plan.blocks("aws_lb_listener")[0]?.address}.arn` + "}",
    condition: [
      { host_header: { values: ["mcp.example.com"] } },
      { path_pattern: { values: ["/orders/mcp", "/.well-known/oauth-protected-resource/orders/mcp"] } },
    ],
    action: [
      {
        type: "forward",
        target_group_arn: "${" + `${named(plan, "aws_lb_target_group", "orders").address}.arn` + "}",
      },
    ],
    tags: { team: "platform" },
  });
});

test("one server may answer for the host itself, within the five values that AWS takes", () => {
  const root = ingressPlan({ route: { root: true } });
  const conditions = named(root, "aws_lb_listener_rule", "orders").body.condition as Record<
    string,
    { values: string[] }
  >[];
  const values = conditions.flatMap((condition) => Object.values(condition).flatMap((each) => each.values));
  expect(values).toContain("/.well-known/oauth-protected-resource");
  expect(values.length).toBeLessThanOrEqual(5);
});

test("a server more changes nothing of the others", () => {
  const alone = ingressPlan({ servers: ["orders"] });
  for (const { address, body } of alone.all)
    expect(plan.all.find((block) => block.address === address)?.body).toEqual(body);
});

test("names fit where the server's is as long as it may be, and stay apart", () => {
  const [a, b] = ["a", "b"].map((end) => {
    const name = `${"x".repeat(31)}${end}`;
    return String(ingressPlan({ servers: [name] }).blocks("aws_lb_target_group")[0]?.body.name);
  });
  for (const name of [a, b]) expect(name).toMatch(/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])$/);
  expect(a).not.toBe(b);
});
