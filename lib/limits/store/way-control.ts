import { givenTo } from "../../access/read-policy";
import { blockAt, blocksOf, texts, type Fields } from "../../audit/read";
import { fails, HOLDS, unknown, type Control } from "../../checklist/control";
import { ofOurs } from "../../checklist/engine";
import { rotationFunctions, settingsOf } from "../../secrets/read-function";
import { opened, type Block, type Plan } from "../../terraform/plan";
import { STORE } from "./contract";

/** Whether a statement is the two calls on one user, whatever its conditions. */
function isOfUser({ Action, Resource }: Fields, userId: unknown): boolean {
  const [resource = "", ...more] = texts(Resource);
  return (
    more.length === 0 &&
    resource.endsWith(`:user:${String(userId)}`) &&
    !resource.includes("*") &&
    texts(Action).length === STORE.calls.length &&
    STORE.calls.every((call) => texts(Action).includes(call))
  );
}

const reachesElastiCache = ({ Action }: Fields) =>
  texts(Action).some((action) => action === "*" || action.startsWith("elasticache:"));

/** How the function that makes a user's password reaches ElastiCache, and what it may there. */
export const passwordWay: Control = ofOurs({
  id: "limits.store-password-way",
  item: 5,
  says: "The function that makes the password of a store's user may change that user alone, by an endpoint that lets nothing else through",
  why: "Without the right, the endpoint or the way to it, no password is ever changed; with more, the user of another store could be.",
  on: ["aws_elasticache_user"],
  judge: ({ body: { user_id: userId } }, plan) => {
    const own = rotationFunctions(plan).find((each) => settingsOf(each).userId === userId);
    if (!own) return unknown("the function that makes its password is not in this stack");
    const role = plan.target(own.body.role);
    const rights = role ? givenTo(role, plan).filter(reachesElastiCache) : [];
    if (rights.length !== 1 || !isOfUser(rights[0] ?? {}, userId))
      return fails("its function may not change it, or may change others");
    const endpoint = plan.target(/\$\{[^}]*\}/.exec(String(settingsOf(own).endpoint))?.[0]);
    if (endpoint?.type !== "aws_vpc_endpoint" || !String(endpoint.body.service_name).endsWith(".elasticache"))
      return fails("its function is told no endpoint of ElastiCache");
    const lets = blocksOf(blockAt(opened(endpoint.body.policy)).Statement);
    if (lets.length !== 1 || !isOfUser(lets[0] ?? {}, userId))
      return fails("the endpoint lets other calls through, or none");
    return connected(own, endpoint, plan) ? HOLDS : fails("its function cannot connect to the endpoint");
  },
  maps: { owasp: ["MCP02"] },
});

/** Whether both groups are open for the function's calls. */
function connected(own: Block, endpoint: Block, plan: Plan): boolean {
  const from = addresses(blockAt(own.body.vpc_config).security_group_ids, plan);
  const to = addresses(endpoint.body.security_group_ids, plan);
  const open = (type: string, of: readonly string[], other: readonly string[]) =>
    plan
      .blocks(type)
      .some(
        ({ body }) =>
          body.from_port === 443 &&
          body.to_port === 443 &&
          addresses(body.security_group_id, plan).some((one) => of.includes(one)) &&
          addresses(body.referenced_security_group_id, plan).some((one) => other.includes(one)),
      );
  return (
    open("aws_vpc_security_group_egress_rule", from, to) &&
    open("aws_vpc_security_group_ingress_rule", to, from)
  );
}

function addresses(value: unknown, plan: Plan): string[] {
  return texts(value).flatMap((one) => plan.target(one)?.address ?? []);
}
