import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Audit } from "../../lib/audit/audit";
import type { AuditConfig } from "../../lib/audit/config";
import { resolveAudit } from "../../lib/audit/model";
import { ServerLogs } from "../../lib/audit/server-logs";
import type { Posture } from "../../lib/posture";
import { isToken, json } from "../../lib/terraform";
import type { Plan } from "../../lib/terraform/plan";
import { Check } from "../../lib/validation";
import { synthPlan, testDeployment } from "../support/plan";

/** The audit record of a platform with one server and its task. */
export function auditPlan(config?: AuditConfig, posture: Posture = "production"): Plan {
  return synthPlan((stack) => {
    const on = testDeployment(stack, posture);
    const slice = resolveAudit(config, Check.start(isToken), on.defaults);
    const audit = new Audit(stack, "audit", { on, slice });
    const logs = new ServerLogs(stack, "orders", {
      on,
      name: "orders",
      retainDays: slice.retainDays,
      keyArn: audit.keyArn,
      delivery: audit.delivery,
    });
    const writes = (name: string, group: string) => ({
      name,
      logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": group } },
    });
    new EcsTaskDefinition(stack, "task", {
      family: "orders",
      containerDefinitions: json([writes("server", logs.server.name), writes("gateway", logs.audit.name)]),
    });
  });
}
