import { isDeepStrictEqual } from "node:util";
import { rings } from "../alarms/rings";
import { blockAt, blocksOf, type Fields } from "../audit/read";
import { fails, HOLDS, type Control } from "../checklist/control";
import { groupsOf } from "../egress/read";
import { bootstrapOf } from "../gateway/envoy-process";
import { GATEWAY } from "../gateway/contract";
import { opened, type Block } from "../terraform/plan";
import { limitsAlarms } from "./alarms";
import { limitsContainer } from "./container";
import { LIMITS } from "./contract";
import { countingOf, variableOf } from "./read";

const TASK = "aws_ecs_task_definition";

/** The gateway and the service that counts of a task definition; nothing where its gateway asks none. */
function asking(definition: Block): { gateway: Fields; service: Fields | undefined } | undefined {
  const containers = blocksOf(opened(definition.body.container_definitions));
  const gateway = containers.find(({ name }) => name === GATEWAY.containers.gateway);
  const service = countingOf(definition);
  const bootstrap = gateway && bootstrapOf(gateway);
  const asks = blocksOf(blockAt(bootstrap, "static_resources").clusters).some(
    ({ name }) => name === LIMITS.name,
  );
  return gateway && (asks || service) ? { gateway, service } : undefined;
}

const asRendered: Control = {
  id: "limits.service-as-rendered",
  item: 7,
  says: "The service of exact limits runs beside its gateway as it was made: on loopback, over TLS, with a password",
  why: "Without it every call is refused, or none is counted; with another setting, others could count for it.",
  on: [TASK],
  judge: (definition) => {
    const found = asking(definition);
    if (found === undefined) return HOLDS;
    const { service, gateway } = found;
    if (service === undefined) return fails("its gateway asks a service that does not run in it");
    const [login] = blocksOf(service.secrets);
    const [host = "", port] = variableOf(service, "REDIS_URL").split(":");
    const options = blockAt(service, "logConfiguration", "options");
    const [, arn = "", field] =
      /^(\$\{[^}]*\}|(?:[^:]*:){6}[^:]*)(?::([^:]*)::)?$/.exec(String(login?.valueFrom)) ?? [];
    if (arn === "") return fails("it has no password from a secret");
    const expected = limitsContainer({
      limits: {
        image: String(service.image) as never,
        store: {
          host,
          port: Number(port),
          securityGroupId: "",
          login: { secretArn: arn, field, keyArn: undefined },
        },
      },
      logGroupName: String(options["awslogs-group"]),
      region: String(options["awslogs-region"]),
    });
    if (!isDeepStrictEqual(service, JSON.parse(JSON.stringify(expected))))
      return fails("it is started in another way than it was made");
    const waits = blocksOf(gateway.dependsOn).some(({ containerName }) => containerName === LIMITS.name);
    return waits ? HOLDS : fails("the gateway outlives it: calls at the end of a task would not be counted");
  },
};

const reachable: Control = {
  id: "limits.store-reachable",
  item: 7,
  says: "Tasks with exact limits may connect to their store",
  why: "They would refuse every call, or count none.",
  on: ["aws_ecs_service"],
  judge: (service, plan) => {
    const definition = plan.target(service.body.task_definition);
    const counting = definition && asking(definition)?.service;
    if (!counting) return HOLDS;
    const port = Number(variableOf(counting, "REDIS_URL").split(":").at(-1));
    const groups = groupsOf(service, plan);
    const open = plan
      .blocks("aws_vpc_security_group_egress_rule")
      .some(
        ({ body }) =>
          groups.includes(plan.target(body.security_group_id)?.address ?? String(body.security_group_id)) &&
          body.from_port === port &&
          body.to_port === port,
      );
    return open ? HOLDS : fails(`its tasks cannot connect to port ${port} of any store`);
  },
};

const watched: Control = {
  id: "limits.watched",
  item: 13,
  says: "Exact limits have their alarms",
  why: "A store that does not answer refuses every call, or lets each task count for itself.",
  on: ["aws_ecs_service"],
  judge: (service, plan) => {
    const definition = plan.target(service.body.task_definition);
    if (!definition || !asking(definition)?.service) return HOLDS;
    const names = plan
      .blocks("aws_cloudwatch_metric_alarm")
      .filter(({ body }) => rings(body))
      .map(({ body }) => String(body.alarm_name));
    const missing = limitsAlarms("exact").find(
      ({ id }) => !names.includes(`${String(service.body.name)}-${id}`),
    );
    return missing === undefined ? HOLDS : fails(`it lacks ${missing.id}`);
  },
};

/** What must hold of exact limits, judged in the final file. */
export const limitsControls: readonly Control[] = [asRendered, reachable, watched];
