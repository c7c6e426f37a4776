import { blockAt, texts } from "../audit/read";
import { fails, HOLDS, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { opened, type Block, type Plan } from "../terraform/plan";

/** What one kind of thing waits for, though nothing of it refers to that. */
interface Waits {
  /** What there is of it in the file; none where somebody else has made it. */
  readonly for: (block: Block, plan: Plan) => readonly Block[];
  /** What happens otherwise. */
  readonly else: string;
}

const rightsOf = (role: (block: Block) => unknown, what: string): Waits => ({
  for: (block, plan) => {
    const found = plan.target(role(block));
    return found === undefined ? [] : plan.referring(found, "aws_iam_role_policy", "role");
  },
  else: `${what} before its role may do anything`,
});

const ofBucket = (type: string, bucket: (block: Block) => unknown, otherwise: string): Waits => ({
  for: (block, plan) => {
    const found = plan.target(bucket(block));
    return found === undefined ? [] : plan.referring(found, `aws_s3_bucket_${type}`, "bucket");
  },
  else: otherwise,
});

/** Permissions to call the function that a block points to. */
const permitted = (of: string, otherwise: string): Waits => ({
  for: ({ body }, plan) => {
    const called = plan.target(body[of]);
    return called === undefined ? [] : plan.referring(called, "aws_lambda_permission", "function_name");
  },
  else: otherwise,
});

const waysOut: Waits = {
  for: ({ body }, plan) =>
    texts(blockAt(plan.target(body.function_name)?.body.vpc_config).security_group_ids)
      .map((id) => plan.target(id))
      .flatMap((group) =>
        group === undefined
          ? []
          : plan.referring(group, "aws_vpc_security_group_egress_rule", "security_group_id"),
      ),
  else: "the function is called before it can reach Secrets Manager",
};

/** Policies of the queues that an event goes to, or to which it goes where that fails. */
const queueOpen: Waits = {
  for: ({ body }, plan) =>
    [body.arn, blockAt(body.dead_letter_config).arn].flatMap((arn) => {
      const queue = plan.target(arn);
      return queue === undefined ? [] : plan.referring(queue, "aws_sqs_queue_policy", "queue_url");
    }),
  else: "the queue does not take the first events",
};

const own = ({ body }: Block) => body.bucket;
const delivered = ({ body }: Block) => blockAt(body, "extended_s3_configuration").bucket_arn;

const WAITS: Readonly<Record<string, readonly Waits[]>> = {
  aws_cloudwatch_event_target: [rightsOf(({ body }) => body.role_arn, "it is called"), queueOpen],
  aws_flow_log: [rightsOf(({ body }) => body.iam_role_arn, "flows are written")],
  aws_kinesis_firehose_delivery_stream: [
    rightsOf(({ body }) => blockAt(body, "extended_s3_configuration").role_arn, "lines are delivered"),
    // An object takes the lock that holds when it is written.
    ofBucket("object_lock_configuration", delivered, "the first lines are archived without a lock"),
    ofBucket("policy", delivered, "the first lines are archived while anybody may delete them"),
  ],
  aws_lambda_function: [rightsOf(({ body }) => body.role, "it is made, and refused a place in the network,")],
  aws_lambda_invocation: [permitted("function_name", "it makes a value that nobody may change yet"), waysOut],
  aws_s3_bucket_lifecycle_configuration: [
    ofBucket("versioning", own, "S3 refuses rules about versions that it does not keep yet"),
  ],
  aws_s3_bucket_logging: [
    ofBucket("policy", ({ body }) => body.target_bucket, "S3 may not write the first accesses down"),
  ],
  aws_s3_bucket_object_lock_configuration: [
    ofBucket("versioning", own, "S3 refuses a lock on what it keeps one version of"),
  ],
  aws_s3_bucket_policy: [
    ofBucket(
      "public_access_block",
      own,
      "S3 answers with a conflict to a policy that meets a change of public access",
    ),
  ],
  aws_scheduler_schedule: [rightsOf(({ body }) => blockAt(body, "target").role_arn, "it runs")],
  aws_secretsmanager_secret_rotation: [
    permitted("rotation_lambda_arn", "Secrets Manager refuses a function that it may not call yet"),
  ],
  aws_sfn_state_machine: [rightsOf(({ body }) => body.role_arn, "it is made, and refused its log,")],
  aws_wafv2_web_acl_logging_configuration: [
    {
      for: ({ body }, plan) => {
        const groups = texts(body.log_destination_configs);
        return plan
          .blocks("aws_cloudwatch_log_resource_policy")
          .filter(({ body: { policy_document: text } }) => {
            const document = JSON.stringify(opened(text) ?? "");
            return groups.some((group) => document.includes(group));
          });
      },
      else: "the firewall may not write its log yet, and refuses to have one",
    },
  ],
};

const waits: Control = ofOurs({
  id: "access.rights-before-use",
  item: 10,
  says: "What needs a right, a lock or a setting that it does not refer to waits until that is there",
  why: "Terraform makes both at once: a deployment fails by chance, or what comes first is kept without protection.",
  on: Object.keys(WAITS),
  judge: (block, plan) => {
    const waited = texts(block.body.depends_on);
    for (const { for: needed, else: otherwise } of WAITS[block.type] ?? [])
      for (const { address } of needed(block, plan))
        if (!waited.includes(address)) return fails(`it does not wait for ${address}: ${otherwise}`);
    return HOLDS;
  },
});

/** Controls of what comes before what. */
export const orderControls: readonly Control[] = [waits];
