import { hopsOf } from "../../lib/checklist/request-way";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { File, IN, one } from "../addition/added";
import { synthExampleText } from "../support/examples";

const file = new File(JSON.parse(synthExampleText("complete")) as TerraformJson);
const titles = (source: TerraformJson) =>
  hopsOf(new Plan(source)).map(({ title, beside }) => [title, beside]);
const details = (source: TerraformJson) => hopsOf(new Plan(source)).map(({ detail }) => detail);

describe("the way of a request is drawn from what stands in the file", () => {
  test("from the firewall to what lies beyond", () => {
    expect(hopsOf(new Plan(file.source))).toEqual([
      { title: "Firewall", detail: "12 rules of a web ACL" },
      {
        title: "Load balancer, from the internet",
        detail: "HTTPS 443, policy ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
      },
      {
        title: "Gateway of each task",
        detail: "HTTPS HTTP2 to port 8443: identity, tools, arguments, limits",
      },
      { title: "Servers", detail: "acme-prod-docs, acme-prod-orders: on loopback only" },
      { title: "Beyond", detail: "9 destinations are open to tasks; every other is closed" },
      { title: "Audit archive", detail: "one line a request, object-locked", beside: true },
    ]);
  });

  test("a second load balancer is drawn, and every listener", () => {
    const second = file.with(one("aws_lb", { name: "second", internal: true }));
    expect(titles(second).filter(([title]) => String(title).startsWith("Load"))).toEqual([
      ["Load balancer, from the internet", undefined],
      ["Load balancer, inside only", undefined],
    ]);
    const listener = { load_balancer_arn: file.ref(IN.balancer, "arn"), port: 80, protocol: "HTTP" };
    expect(details(file.with(one("aws_lb_listener", listener)))).toContain(
      "HTTPS 443, policy ELBSecurityPolicy-TLS13-1-3-PQ-2025-09; HTTP 80, policy none",
    );
  });

  test("a firewall that is joined to nothing stands beside the way", () => {
    const { aws_wafv2_web_acl_association: _, ...resource } = file.source.resource ?? {};
    expect(titles({ ...file.source, resource })[0]).toEqual(["Firewall", true]);
  });

  test("what tasks may reach is counted once, and not what others may", () => {
    const rule = (group: string) =>
      one("aws_vpc_security_group_egress_rule", {
        security_group_id: file.ref(group),
        ...{ cidr_ipv4: "10.2.0.0/16", ip_protocol: "tcp", from_port: 5432, to_port: 5432 },
      });
    expect(details(file.with(rule(IN.taskGroup)))[4]).toMatch(/^10 destinations/);
    expect(details(file.with(rule(IN.balancerGroup)))[4]).toMatch(/^9 destinations/);
  });
});
