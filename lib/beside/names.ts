import { fails, HOLDS, type Control } from "../checklist/control";
import type { Block, Plan } from "../terraform/plan";
import { isMadeByUs } from "./ours";

const RECORDS = ["aws_route53_record", "cloudflare_dns_record"];
/** What decides where the callers of a name go. */
const LEADING: readonly unknown[] = ["A", "AAAA", "CNAME", "HTTPS", "NS", "SVCB"];

function nameOf({ body }: Block): string {
  return String(body.name ?? "")
    .toLowerCase()
    .replace(/\.$/, "");
}

/** A name that two records lead to two places. */
export const namesLead: Control = {
  id: "beside.names-lead-here",
  item: 11,
  says: "No record of somebody else is for the name of a deployment of ours",
  why: "A part of the clients, by weight, by family or by region, would bring its keys to another place.",
  on: RECORDS,
  judge: (record, plan) => {
    if (!LEADING.includes(record.body.type) || isMadeByUs(record, plan)) return HOLDS;
    const own = ownRecords(plan).find((one) => nameOf(one) === nameOf(record));
    return own === undefined ? HOLDS : fails(`${own.address} is a record of ours for the same name`);
  },
  maps: { owasp: ["MCP07"] },
};

function ownRecords(plan: Plan): readonly Block[] {
  return plan.blocks(...RECORDS).filter((one) => LEADING.includes(one.body.type) && isMadeByUs(one, plan));
}
