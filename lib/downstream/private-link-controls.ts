import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { serverOf } from "../checklist/engine";
import { isExpression, opened, type Block, type Plan } from "../terraform/plan";
import { isForeignService } from "./private-link-model";

const asNamed: Control = {
  id: "downstream.endpoint-as-named",
  item: 5,
  says: "A server's own endpoint leads to one service, under a name that the server asks for, for named resources and this account's credentials",
  why: "With a key of somebody else's that was brought along, everything that the server reads would leave through it.",
  on: ["aws_vpc_endpoint"],
  judge: (endpoint, plan) => {
    if (serverOf(endpoint, plan) === undefined) return HOLDS;
    const { service_name: service, private_dns_enabled: named, policy } = endpoint.body;
    if (texts(service).join("") === "") return fails("it leads nowhere");
    if (named !== true && !isAskedFor(endpoint, plan))
      return fails("the service's own name leads past it, and nobody is told another");
    // Somebody else's service takes no policy.
    if (isForeignService(String(service))) return HOLDS;
    const document = opened(policy);
    if (document === undefined)
      return isExpression(policy)
        ? unknown("its policy is known only at deployment")
        : fails("it has no policy");
    const allowed = blocksOf(blockAt(document).Statement).filter(({ Effect }) => Effect !== "Deny");
    const wide = allowed.find(
      ({ Resource }) => texts(Resource).includes("*") || texts(Resource).length === 0,
    );
    if (wide) return fails(`${String(wide.Sid)} lets everything of every account through`);
    const foreign = allowed.find(
      ({ Condition }) => blockAt(Condition, "StringEquals")["aws:PrincipalAccount"] === undefined,
    );
    return foreign ? fails(`${String(foreign.Sid)} lets credentials of any account through`) : HOLDS;
  },
  maps: { owasp: ["MCP02"] },
};

/** Whether something of the file is told the names that the endpoint has of its own. */
function isAskedFor({ address }: Block, plan: Plan): boolean {
  const name = `\${${address}.dns_entry`;
  return plan.all.some(({ body }) => JSON.stringify(body).includes(name));
}

/** Controls of endpoints that belong to a server. */
export const privateLinkControls: readonly Control[] = [asNamed];
