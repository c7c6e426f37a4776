import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { isExpression } from "../terraform/plan";
import { privateLinkControls } from "./private-link-controls";

const EGRESS = "aws_vpc_security_group_egress_rule";

/** Widest block, in bits of its prefix, that can still mean one thing. IPv6: what a registry gives to one provider. */
const WIDEST = { cidr_ipv4: 8, cidr_ipv6: 32 } as const;

const waysOutNarrow: Control = {
  id: "downstream.ways-out-narrow",
  item: 5,
  says: "No security group lets anything out to everywhere",
  why: "Whatever a server reads, a rule to everywhere can carry to anybody.",
  on: [EGRESS],
  needed: true,
  judge: ({ body }) => {
    for (const [field, widest] of Object.entries(WIDEST)) {
      const block = body[field];
      if (block === undefined || block === null) continue;
      if (isExpression(block)) return unknown("its block is known only at deployment");
      const prefix = Number(String(block).split("/")[1]);
      // NaN is not wide enough to judge: what is not a block is not narrow.
      if (!(prefix >= widest)) return fails(`it leads to ${String(block)}`);
    }
    return HOLDS;
  },
  maps: { checkov: ["CKV_AWS_382"], owasp: ["MCP02"] },
};

const waysOutExplained: Control = {
  id: "downstream.ways-out-explained",
  item: 5,
  says: "Every way out of a security group says why it is there",
  why: "A way out that nobody can explain is never closed.",
  on: [EGRESS],
  needed: true,
  judge: ({ body }) =>
    typeof body.description === "string" && body.description.trim() !== ""
      ? HOLDS
      : fails("it has no description"),
  maps: { checkov: ["CKV_AWS_23"] },
};

/** Controls of what tasks may reach. */
export const downstreamControls: readonly Control[] = [
  waysOutNarrow,
  waysOutExplained,
  ...privateLinkControls,
];
