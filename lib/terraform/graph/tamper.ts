import type { Block, Plan } from "../plan";
import { ADMINISTRATOR, couldDo, isGrantedSomewhere, policyOf } from "./could";
import { peopleOf } from "./people";
import { principalOf, type Principal } from "./policies";

/** What somebody who wants to go unnoticed would touch. */
export type TamperTarget = "logs" | "archive" | "keys" | "alarms" | "firewall";

/** One thing that a principal could do. */
export interface Tampering {
  readonly action: string;
  /** Address of the block. */
  readonly on: string;
  /** Under conditions that are not known, or that somebody may arrange. */
  readonly maybe: boolean;
  /** What has to be taken off first, or waited for. */
  readonly despite?: string;
}

/** One row: a principal, and what it could do to each target. Empty lists are what one wants to see. */
export interface TamperRow {
  /** Address of the role, or a description. */
  readonly principal: string;
  readonly could: Readonly<Record<TamperTarget, readonly Tampering[]>>;
}

/** What ends or hides a record, by target and the type of what holds it. `part` is the end of the resource's ARN. */
const ACTIONS: Readonly<
  Record<
    TamperTarget,
    readonly { readonly on: string; readonly actions: readonly string[]; readonly part?: string }[]
  >
> = {
  logs: [
    {
      on: "aws_cloudwatch_log_group",
      actions: [
        "logs:DeleteLogGroup",
        "logs:PutRetentionPolicy",
        "logs:DeleteSubscriptionFilter",
        "logs:PutSubscriptionFilter",
      ],
    },
    { on: "aws_cloudwatch_log_group", actions: ["logs:DeleteLogStream"], part: ":log-stream:x" },
    {
      on: "aws_kinesis_firehose_delivery_stream",
      actions: ["firehose:DeleteDeliveryStream", "firehose:UpdateDestination"],
    },
  ],
  archive: [
    {
      on: "aws_s3_bucket",
      actions: [
        "s3:DeleteBucket",
        "s3:PutBucketPolicy",
        "s3:PutLifecycleConfiguration",
        "s3:PutBucketVersioning",
      ],
    },
    { on: "aws_s3_bucket", actions: ["s3:DeleteObjectVersion", "s3:PutObject"], part: "/x" },
  ],
  keys: [
    {
      on: "aws_kms_key",
      actions: ["kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:PutKeyPolicy", "kms:CreateGrant"],
    },
  ],
  alarms: [
    {
      on: "aws_cloudwatch_metric_alarm",
      actions: [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:DisableAlarmActions",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:SetAlarmState",
      ],
    },
    { on: "aws_sns_topic", actions: ["sns:DeleteTopic", "sns:SetTopicAttributes"] },
  ],
  firewall: [
    {
      on: "aws_wafv2_web_acl",
      actions: ["wafv2:UpdateWebACL", "wafv2:DeleteWebACL", "wafv2:DeleteLoggingConfiguration"],
    },
    { on: "aws_lb", actions: ["wafv2:DisassociateWebACL", "elasticloadbalancing:SetSecurityGroups"] },
  ],
};

/**
 * Per principal, what it could do to what tells of it: every role of the plan, everybody else to whom it gives rights, and
 * an administrator of the account.
 */
export function tamperTable(plan: Plan): readonly TamperRow[] {
  const roles = plan.blocks("aws_iam_role").map((role) => principalOf(role, plan));
  const principals = [...roles, ...peopleOf(plan), ADMINISTRATOR];
  const targets = Object.keys(ACTIONS) as TamperTarget[];
  return principals.map((who) => ({
    principal: who.id,
    could: Object.fromEntries(
      targets.map((target) => [target, tampering(who, target, plan)]),
    ) as unknown as TamperRow["could"],
  }));
}

function tampering(who: Principal, target: TamperTarget, plan: Plan): Tampering[] {
  return ACTIONS[target].flatMap(({ on, actions, part }) => {
    const wanted = actions.filter((action) => isGrantedSomewhere(who, action));
    return plan.blocks(on).flatMap((block) =>
      // A resource's own policy may give it, too.
      (policyOf(block, plan) === undefined ? wanted : actions).flatMap((action) => {
        const { could } = couldDo(who, action, block, plan, part);
        if (could === "no") return [];
        const despite = guard(action, block, plan);
        return [
          {
            action,
            on: block.address,
            maybe: could === "maybe",
            ...(despite === undefined ? {} : { despite }),
          },
        ];
      }),
    );
  });
}

/** What stands in the way of those who may: switches that have to be turned off first, and time. */
function guard(action: string, { body, address }: Block, plan: Plan): string | undefined {
  if (action === "s3:DeleteObjectVersion") {
    const [lock] = plan
      .blocks("aws_s3_bucket_object_lock_configuration")
      .filter((each) => plan.target(each.body.bucket)?.address === address);
    return lock && JSON.stringify(lock.body).includes('"COMPLIANCE"')
      ? "locked versions cannot be deleted before their time, by nobody"
      : lock && "locked versions need s3:BypassGovernanceRetention";
  }
  if (action === "kms:ScheduleKeyDeletion")
    return `the key goes after ${String(body.deletion_window_in_days ?? 30)} days, until when it can be kept`;
  if (action === "logs:DeleteLogGroup" && body.deletion_protection_enabled === true)
    return "its deletion protection has to be turned off first";
  return undefined;
}
