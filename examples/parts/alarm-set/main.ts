// The alarms alone, over a load balancer, a firewall and a delivery that somebody else has made.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { AlarmSet } from "hardened-mcp";

const app = new App();
const stack = new TerraformStack(app, "alarm-set");
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new AlarmSet(stack, "watch", {
  name: "acme",
  environment: "prod",
  posture: "production",
  alarms: { notify: { emails: ["oncall@example.com"] } },
  watch: {
    loadBalancerArn:
      "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shared/0123456789abcdef",
    webAcl: { metricName: "acme-prod-web-acl", ownRules: true },
    deliveryStreamName: "acme-prod-audit",
  },
});

app.synth();
