import { CONTROLS } from "../../../lib/checklist/controls";
import { judgePlan } from "../../../lib/checklist/engine";
import { onePathIn } from "../../../lib/network/one-path-in";
import { Plan, type TerraformJson } from "../../../lib/terraform/plan";
import { breaks, type Mutable } from "../../../lib/testing";
import { synthExample } from "../../support/examples";

const plan = synthExample("complete");
const all = (json: Mutable, type: string): Mutable[] => Object.values(json.resource[type] ?? {});

test("has one way in for each server", () => {
  const verdicts = judgePlan(plan, [onePathIn], { asOf: "2026-01-01" });
  expect(verdicts.length).toBeGreaterThan(1);
  expect(verdicts.filter(({ result }) => result !== "pass")).toEqual([]);
});

describe("each mutant turns it red, and the path is printed", () => {
  const find = (json: Mutable, type: string, matches: (body: Mutable) => boolean): Mutable => {
    const found = all(json, type).find(matches);
    if (!found) throw new Error(`there is no such ${type}`);
    return found;
  };
  test.each<[string, (json: Mutable) => void, RegExp]>([
    [
      "a group opened to the VPC",
      (json) => {
        const rule = find(json, "aws_vpc_security_group_ingress_rule", (body) => body.from_port === 8443);
        delete rule.referenced_security_group_id;
        rule.cidr_ipv4 = "10.40.0.0/20";
      },
      /any address in aws_vpc\S+ \(10\.40\.0\.0\/20\) → aws_ecs_service\.\S+:8443 \[aws_vpc_security_group_ingress_rule/,
    ],
    [
      "a route to the internet and a public address",
      (json) => {
        const rule = find(json, "aws_vpc_security_group_ingress_rule", (body) => body.from_port === 8443);
        delete rule.referenced_security_group_id;
        rule.cidr_ipv4 = "203.0.113.0/24";
        const [gateway] = Object.keys(json.resource.aws_internet_gateway);
        for (const name of Object.keys(json.resource.aws_route_table)) {
          json.resource.aws_route[`to-${name}`] = {
            route_table_id: `\${aws_route_table.${name}.id}`,
            destination_cidr_block: "0.0.0.0/0",
            gateway_id: `\${aws_internet_gateway.${gateway}.id}`,
          };
        }
        for (const service of all(json, "aws_ecs_service"))
          service.network_configuration.assign_public_ip = true;
      },
      /the internet \(203\.0\.113\.0\/24\) → aws_ecs_service\.\S+:8443 \[aws_vpc_security_group_ingress_rule\S+, aws_route\./,
    ],
    [
      "a listener's target past the gateway",
      (json) => {
        for (const service of all(json, "aws_ecs_service"))
          for (const bound of service.load_balancer)
            [bound.container_name, bound.container_port] = ["server", 3000];
        for (const type of ["ingress", "egress"])
          for (const rule of all(json, `aws_vpc_security_group_${type}_rule`))
            if (rule.from_port === 8443) rule.from_port = rule.to_port = 3000;
      },
      /the internet \(0\.0\.0\.0\/0\)|any address in .* → aws_lb\.\S+:443 → aws_ecs_service\.\S+:3000 \(server\)/,
    ],
    [
      "a second load balancer",
      (json) => {
        const [[name, body]] = Object.entries(json.resource.aws_lb) as [[string, Mutable]];
        json.resource.aws_lb.second = body;
        const rule = all(json, "aws_lb_listener_rule")[0] as Mutable;
        json.resource.aws_lb_listener.second = {
          load_balancer_arn: "${aws_lb.second.arn}",
          port: 443,
          default_action: rule.action,
        };
        expect(name).toBeTruthy();
      },
      /there are 2 ways in: .*aws_lb\.second:443/,
    ],
  ])("%s", (_what, mutate, says) => {
    const finding = breaks(onePathIn, plan, mutate);
    expect(finding.holds === true ? "" : finding.says).toMatch(says);
  });
});

test("all controls together add 150 ms at most to a synth", () => {
  const text = JSON.stringify(plan.source);
  const times = Array.from({ length: 5 }, () => {
    const fresh = new Plan(JSON.parse(text) as TerraformJson);
    const started = process.cpuUsage();
    judgePlan(fresh, CONTROLS, { asOf: "2026-01-01" });
    return process.cpuUsage(started).user / 1000;
  });
  process.stderr.write(
    `[speed] controls over complete, CPU ms: first ${times[0]?.toFixed(0)}, best ${Math.min(...times).toFixed(0)}\n`,
  );
  expect(Math.min(...times)).toBeLessThan(150);
});
