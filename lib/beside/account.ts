import { texts } from "../audit/read";
import { HOLDS, unknown, type Control } from "../checklist/control";
import { readManifest } from "../checklist/manifest";

/** What concerns all logs of the account, ours among them. */
export const accountLogs: Control = {
  id: "beside.logs-of-the-account",
  item: 10,
  says: "No setting of the whole account copies, hides or shares the records",
  why: "It points to nothing of ours, and is about all of it: who reads the audit is seen at no log group.",
  on: ["aws_cloudwatch_log_account_policy", "aws_oam_link"],
  judge: ({ type, body }, plan) => {
    if (readManifest(plan.source).length === 0) return HOLDS;
    if (type === "aws_cloudwatch_log_account_policy")
      return body.policy_type === "FIELD_INDEX_POLICY"
        ? HOLDS
        : unknown(`a ${String(body.policy_type)} is about every log group of the account, the audit's, too`);
    return texts(body.resource_types).some((one) => one.startsWith("AWS::Logs::"))
      ? unknown("another account may read the log groups of this one, the audit's, too")
      : HOLDS;
  },
  maps: { owasp: ["MCP08"] },
};
