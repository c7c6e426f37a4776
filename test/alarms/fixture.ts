import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { AlarmTopic } from "../../lib/alarms/alarm-topic";
import type { AlarmsConfig } from "../../lib/alarms/config";
import { resolveAlarms } from "../../lib/alarms/model";
import { PlatformAlarms } from "../../lib/alarms/platform-alarms";
import { ServerAlarms } from "../../lib/alarms/server-alarms";
import { isToken } from "../../lib/terraform";
import type { Plan } from "../../lib/terraform/plan";
import { Check, formatProblem } from "../../lib/validation";
import { synthPlan, testDeployment } from "../support/plan";

export const NOTIFY = { emails: ["oncall@example.com"] };

/** The model and its problems as people read them. */
export function resolve(config: unknown) {
  const check = Check.start(isToken).at("alarms");
  const model = resolveAlarms(config as AlarmsConfig, check);
  return { model, problems: check.problems.map(formatProblem) };
}

/** The alarms of a platform with two servers. */
export function alarmsPlan(config: AlarmsConfig = { notify: NOTIFY }): Plan {
  return synthPlan((stack) => {
    const on = testDeployment(stack);
    const slice = resolve(config).model;
    const { topicArn } = new AlarmTopic(stack, "topic", { on, slice });
    const lb = new Lb(stack, "lb", { name: "front" });
    new PlatformAlarms(stack, "platform", {
      on,
      slice,
      topicArn,
      loadBalancerSuffix: lb.arnSuffix,
      webAclMetricName: "acme-test-web-acl",
      ownWebAcl: true,
      deliveryStreamName: "acme-test-audit",
    });
    for (const name of ["orders", "docs"]) {
      const service = new EcsService(stack, `${name}-service`, { name });
      new ServerAlarms(stack, name, {
        on,
        slice,
        topicArn,
        name,
        auditLogGroupName: `/hardened-mcp/${name}-audit`,
        loadBalancerSuffix: lb.arnSuffix,
        targetGroupSuffix: `targetgroup/${name}/1`,
        clusterName: "acme-test",
        serviceName: service.name,
        tools: ["search", "refund"],
      });
    }
  });
}
