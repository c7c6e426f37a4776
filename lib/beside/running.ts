import type { Touches } from "./touch";

const CLUSTER = ["aws_ecs_task_definition", "aws_ecs_cluster"];
const FUNCTION = ["aws_lambda_function"];
const ROLE = ["aws_iam_role"];

/** What starts our tasks and functions, ends them, or hears what they say, for somebody else. */
export const RUNNING: Touches = {
  aws_appautoscaling_scheduled_action: {
    ...{
      by: ["resource_id"],
      at: ["aws_ecs_service", "aws_ecs_cluster", "aws_appautoscaling_target"],
      holds: "unknown",
    },
    says: "has as many tasks as a schedule of somebody else says, maybe none",
  },
  aws_cloudwatch_event_target: {
    ...{ by: ["arn", "ecs_target"], at: [...CLUSTER, ...FUNCTION], holds: "unknown", ours: true },
    says: "is started by events of somebody else, with words and commands of his",
  },
  aws_codedeploy_deployment_group: {
    ...{ by: ["ecs_service"], at: ["aws_ecs_service"], holds: false },
    says: "is deployed by somebody else: what runs is what he says",
  },
  aws_lambda_event_source_mapping: {
    ...{ by: ["function_name", "event_source_arn"], at: [...FUNCTION, "aws_sqs_queue"], holds: false },
    says: "is joined to a function or a source of somebody else: who reads a queue empties it, who feeds a function calls it",
  },
  aws_lambda_function_event_invoke_config: {
    ...{ by: ["function_name"], at: FUNCTION, holds: "unknown", ours: true },
    says: "tells somebody else how each of its calls ended",
  },
  aws_lambda_function_url: {
    ...{ by: ["function_name"], at: FUNCTION, holds: false },
    says: "has an address on the internet",
  },
  aws_lambda_invocation: {
    ...{ by: ["function_name"], at: FUNCTION, holds: "unknown", ours: true },
    says: "is called at deployment with words of somebody else",
  },
  aws_lambda_permission: {
    ...{ by: ["function_name"], at: FUNCTION, holds: false, ours: true },
    says: "may be called by one more",
  },
  aws_pipes_pipe: {
    ...{
      by: ["source", "target", "target_parameters"],
      at: [...CLUSTER, ...FUNCTION, "aws_sqs_queue"],
      holds: false,
    },
    says: "is emptied, or started, by a pipe of somebody else",
  },
  aws_scheduler_schedule: {
    ...{ by: ["target"], at: [...CLUSTER, ...FUNCTION], holds: "unknown", ours: true },
    says: "is started by a schedule of somebody else, with words and commands of his",
  },
  aws_sqs_queue_redrive_policy: {
    ...{ by: ["queue_url"], at: ["aws_sqs_queue"], holds: false },
    says: "gives away what was not read",
  },
};

/** What gives our roles to others, or takes their rights for itself. */
export const ROLES: Touches = {
  aws_eks_pod_identity_association: {
    ...{ by: ["role_arn", "target_role_arn"], at: ROLE, holds: "unknown" },
    says: "is given to pods of a cluster, as far as its trust has it",
  },
  aws_iam_instance_profile: {
    ...{ by: ["role"], at: ROLE, holds: "unknown" },
    says: "is given to hosts, as far as its trust has it",
  },
  aws_iam_policy_attachment: {
    ...{ by: ["roles"], at: ROLE, holds: false },
    says: "gets a policy that somebody else attaches, and takes from whoever else has it",
  },
  aws_iam_role_policies_exclusive: {
    ...{ by: ["role_name"], at: ROLE, holds: false },
    says: "keeps those policies alone that somebody else names",
  },
  aws_iam_role_policy: {
    ...{ by: ["role"], at: ROLE, holds: "unknown", ours: true },
    says: "gets rights that no configuration of ours has",
  },
  aws_iam_role_policy_attachment: {
    ...{ by: ["role"], at: ROLE, holds: "unknown", ours: true },
    says: "gets rights that no configuration of ours has",
  },
  aws_iam_role_policy_attachments_exclusive: {
    ...{ by: ["role_name"], at: ROLE, holds: false },
    says: "keeps those policies alone that somebody else names",
  },
  aws_rolesanywhere_profile: {
    ...{ by: ["role_arns"], at: ROLE, holds: "unknown" },
    says: "is given to whoever holds a certificate, as far as its trust has it",
  },
  aws_ecs_task_definition: {
    ...{ by: ["task_role_arn", "execution_role_arn"], at: ROLE, holds: false, ours: true },
    says: "is the role of containers of somebody else",
  },
};
