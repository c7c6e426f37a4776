import { rings } from "../../alarms/rings";
import { blockAt, blocksOf, texts, type Fields } from "../../audit/read";
import { fails, HOLDS, unknown, type Control } from "../../checklist/control";
import { ofOurs } from "../../checklist/engine";
import { canonical, type Tree } from "../../checklist/review/leaves";
import { settingsControl } from "../../checklist/settings";
import { groupsOf } from "../../egress/read";
import { rotationFunctions, settingsOf } from "../../secrets/read-function";
import { isExpression, type Block, type Plan } from "../../terraform/plan";
import { countingOf, variableOf } from "../read";
import { nodesOf, STORE_ALARMS, storeAlarmBody } from "./alarms";
import { STORE } from "./contract";
import { passwordWay } from "./way-control";
import { opensByItself, STORE_SETTINGS } from "./settings";

const GROUP = "aws_elasticache_replication_group";

const parts = settingsControl(
  {
    id: "limits.store-says-all",
    item: 7,
    says: "A store of limits takes TLS and its one user alone, is encrypted under a customer's key, survives the loss of a zone, is patched and keeps its log",
    why: "What is left to AWS here is open to the network, in one zone, and written nowhere.",
    maps: {
      checkov: ["CKV_AWS_29", "CKV_AWS_30", "CKV_AWS_31", "CKV_AWS_191"],
      fsbp: ["ElastiCache.2", "ElastiCache.3", "ElastiCache.4", "ElastiCache.5", "ElastiCache.7"],
    },
  },
  STORE_SETTINGS,
);

const noPassword = ofOurs({
  id: "limits.store-password-unknown",
  item: 6,
  says: "Terraform knows no password of a store's user, and a function of ours makes and changes it",
  why: "A password in Terraform stands in plan and state for whoever reads them; one that Terraform puts back shuts out every task.",
  on: ["aws_elasticache_user"],
  judge: (user, plan) => {
    if (opensByItself(user.body)) return fails("it has a password that Terraform knows, or needs none");
    if (!texts(blockAt(user.body.lifecycle).ignore_changes).includes("authentication_mode"))
      return fails("Terraform would take away the password that the function has set");
    const changed = rotationFunctions(plan).some((own) => settingsOf(own).userId === user.body.user_id);
    return changed ? HOLDS : fails("no function makes its password");
  },
});

const closed = ofOurs({
  id: "limits.store-closed",
  item: 11,
  says: "Only gateways whose limits it counts can reach a store, and it can reach nobody",
  why: "Whoever else gets in could count for others, until they are refused; what gets out of it could carry who calls what.",
  on: [GROUP],
  judge: (store, plan) => {
    const gateways = gatewaysOf(store, plan);
    for (const reference of texts(store.body.security_group_ids)) {
      const group = plan.target(reference);
      if (group === undefined || group.mode !== "resource") return unknown("its group is not in this stack");
      if ([group.body.ingress, group.body.egress].some((field) => blocksOf(field).length > 0))
        return fails("its group has rules of its own");
      if (plan.referring(group, "aws_vpc_security_group_egress_rule", "security_group_id").length > 0)
        return fails("it can connect to others");
      for (const { body } of plan.referring(
        group,
        "aws_vpc_security_group_ingress_rule",
        "security_group_id",
      )) {
        const from = plan.target(body.referenced_security_group_id)?.address;
        if (from === undefined || !gateways.includes(from))
          return fails("others than its gateways can reach it");
        if (body.from_port !== STORE.port || body.to_port !== STORE.port)
          return fails("it can be reached at other ports than its own");
      }
    }
    return HOLDS;
  },
});

const watched = ofOurs({
  id: "limits.store-watched",
  item: 13,
  says: "Every node of a store of limits is watched: load, memory, forgotten counts, logins, connections, copies, failovers",
  why: "What ails a store shows first as calls that are refused, or as limits that let through too much.",
  on: [GROUP],
  judge: ({ body }, plan) => {
    const { replication_group_id: id, num_cache_clusters: nodes } = body;
    if (typeof id !== "string" || isExpression(id) || typeof nodes !== "number")
      return unknown("its name or its size is known only at deployment");
    const alarms = plan.blocks("aws_cloudwatch_metric_alarm").filter((alarm) => rings(alarm.body));
    const missing = STORE_ALARMS.find((alarm) => {
      const wanted = storeAlarmBody(alarm, nodesOf(id, nodes));
      return !alarms.some(({ body: made }) => isMade(wanted, made));
    });
    return missing === undefined ? HOLDS : fails(`${missing.id} does not watch all of it`);
  },
});

/** Whether an alarm is as it was made, but for its name and whom it tells. */
function isMade(wanted: ReturnType<typeof storeAlarmBody>, made: Fields): boolean {
  const text = (value: unknown) => canonical((value ?? null) as Tree);
  return Object.entries(wanted).every(([field, value]) => text(value) === text(made[field]));
}

/** Groups of the tasks that count in a store. */
function gatewaysOf(store: Block, plan: Plan): string[] {
  return plan
    .blocks("aws_ecs_service")
    .filter((service) => {
      const counting = countingOf(plan.target(service.body.task_definition));
      const host = /^\$\{[^}]*\}/.exec(variableOf(counting, "REDIS_URL"))?.[0];
      return plan.target(host)?.address === store.address;
    })
    .flatMap((service) => groupsOf(service, plan));
}

/** What must hold of stores that are made here. */
export const limitStoreControls: readonly Control[] = [parts, noPassword, passwordWay, closed, watched];
