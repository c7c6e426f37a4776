import { givenTo } from "../access/read-policy";
import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { settingsControl } from "../checklist/settings";
import { opened } from "../terraform/plan";
import { NETWORK_SETTINGS } from "./settings";

const parts = settingsControl(
  {
    id: "network.parts-say-all",
    item: 11,
    says: "Every part of a network of ours says what AWS would otherwise choose: its network, zone, block, peers, routes and names",
    why: "What is left out AWS fills in: the account's default network, the main table, a zone by chance.",
  },
  NETWORK_SETTINGS,
);

/** What flow logs call, by AWS's own page about their role. */
const FLOW_LOG_ACTIONS = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"];
const FIND_GROUP = "logs:DescribeLogGroups";

const written = ofOurs({
  id: "network.flow-logs-written",
  item: 10,
  says: "A flow log of ours may write to its group, by a role that nothing but flow logs can take",
  why: "A flow log without rights is made and stays empty; a role that others can take writes lines that nobody sent.",
  on: ["aws_flow_log"],
  judge: ({ body }, plan) => {
    const role = plan.target(body.iam_role_arn);
    const group = plan.target(body.log_destination);
    if (!role || !group) return unknown("its role or its group is not in this stack");
    const trusted = blocksOf(blockAt(opened(role.body.assume_role_policy)).Statement).flatMap((each) =>
      texts(blockAt(each.Principal).Service),
    );
    if (trusted.join() !== "vpc-flow-logs.amazonaws.com")
      return fails(`its role trusts ${trusted.join(", ") || "nobody"}`);
    const rights = givenTo(role, plan);
    const may = (action: string, isOn: (resource: string) => boolean) =>
      rights.some((right) => texts(right.Action).includes(action) && texts(right.Resource).some(isOn));
    const missing =
      FLOW_LOG_ACTIONS.find(
        (action) => !may(action, (one) => one.endsWith(":*") && plan.target(one.slice(0, -2)) === group),
      ) ?? (may(FIND_GROUP, () => true) ? undefined : FIND_GROUP);
    return missing === undefined ? HOLDS : fails(`its role lacks ${missing}`);
  },
  maps: { owasp: ["MCP08"] },
});

/** Controls of the network's parts: what each says, and whether flows are written down. */
export const partControls: readonly Control[] = [parts, written];
