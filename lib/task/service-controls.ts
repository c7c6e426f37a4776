import { blockAt } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { isExpression } from "../terraform/plan";

const SERVICE = "aws_ecs_service";

const noExec: Control = {
  id: "task.no-exec",
  item: 11,
  says: "Nobody can open a shell in a running task",
  why: "A shell in the task stands behind every check, and reads the injected secrets.",
  on: [SERVICE],
  needed: true,
  judge: ({ body }) => {
    const { enable_execute_command: exec } = body;
    if (isExpression(exec)) return unknown("it is known only at deployment");
    return exec === undefined || exec === false ? HOLDS : fails("commands can be executed in its tasks");
  },
};

const noPublicIp: Control = {
  id: "task.no-public-ip",
  item: 11,
  says: "Tasks have no public address",
  why: "An address on the internet is the first step past the load balancer.",
  on: [SERVICE],
  needed: true,
  judge: ({ body }) => {
    const { assign_public_ip: assigned } = blockAt(body, "network_configuration");
    if (isExpression(assigned)) return unknown("it is known only at deployment");
    return assigned === undefined || assigned === false ? HOLDS : fails("its tasks get public addresses");
  },
  maps: { fsbp: ["ECS.2"], checkov: ["CKV_AWS_333"] },
};

const rollsBack: Control = {
  id: "task.rolls-back",
  item: 15,
  says: "A deployment that does not become healthy is rolled back by itself",
  why: "Otherwise ECS starts the broken revision again and again, and people turn checks off to end it.",
  on: [SERVICE],
  needed: true,
  judge: ({ body }) => {
    const { enable, rollback } = blockAt(body, "deployment_circuit_breaker");
    return enable === true && rollback === true ? HOLDS : fails("it has no circuit breaker with rollback");
  },
};

/** Controls of services. */
export const serviceControls: readonly Control[] = [noExec, noPublicIp, rollsBack];
