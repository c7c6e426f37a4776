import { EC2 } from "./ec2";
import { words, type ServiceRights } from "./rights";

/**
 * Every service that a file of ours may use, but for IAM itself. `named` and `anywhere` are compared with what the real
 * provider asks an emulator for, both ways.
 */
export const SERVICES: readonly ServiceRights[] = [
  {
    service: "acm",
    types: /^aws_acm_/,
    on: [],
    named: [],
    anywhere: words("DeleteCertificate DescribeCertificate ListTagsForCertificate RequestCertificate"),
    documented: { anywhere: words("AddTagsToCertificate RemoveTagsFromCertificate") },
  },
  {
    service: "application-autoscaling",
    types: /^aws_appautoscaling_/,
    on: [],
    named: [],
    anywhere: words(
      "DeleteScalingPolicy DeregisterScalableTarget DescribeScalableTargets DescribeScalingPolicies ListTagsForResource PutScalingPolicy RegisterScalableTarget",
    ),
    documented: { anywhere: words("TagResource UntagResource") },
  },
  {
    service: "cloudwatch",
    types: /^aws_cloudwatch_metric_alarm$/,
    on: ["cloudwatch:alarm:NAME"],
    named: words("DeleteAlarms ListTagsForResource PutMetricAlarm"),
    anywhere: words("DescribeAlarms"),
    documented: { named: words("TagResource UntagResource") },
  },
  ...EC2,
  {
    service: "ecr",
    types: /^aws_ecr_/,
    on: ["ecr:repository/NAME", "ecr:repository/SECRET"],
    named: [],
    anywhere: [],
    documented: {
      named: words(
        "CreateRepository DeleteLifecyclePolicy DeleteRepository DeleteRepositoryPolicy DescribeRepositories GetLifecyclePolicy GetRepositoryPolicy ListTagsForResource PutImageScanningConfiguration PutImageTagMutability PutLifecyclePolicy SetRepositoryPolicy TagResource UntagResource",
      ),
    },
  },
  {
    service: "ecs",
    types: /^aws_ecs_/,
    on: ["ecs:cluster/NAME", "ecs:service/*/NAME"],
    named: words(
      "CreateCluster CreateService DeleteCluster DeleteService DescribeClusters DescribeServices PutClusterCapacityProviders UpdateService",
    ),
    anywhere: words("DeregisterTaskDefinition DescribeTaskDefinition RegisterTaskDefinition"),
    documented: {
      named: words(
        "DescribeServiceDeployments ListServiceDeployments TagResource UntagResource UpdateCluster UpdateClusterSettings",
      ),
      anywhere: words("TagResource"),
    },
  },
  {
    service: "elasticache",
    types: /^aws_elasticache_/,
    // Nodes are clusters of their own to IAM, and are called like their group.
    on: [
      "elasticache:cluster:NAME",
      "elasticache:parametergroup:NAME",
      "elasticache:replicationgroup:NAME",
      "elasticache:subnetgroup:NAME",
      "elasticache:user:NAME",
      "elasticache:usergroup:NAME",
    ],
    named: [],
    anywhere: [],
    documented: {
      named: words(
        "AddTagsToResource CreateCacheParameterGroup CreateCacheSubnetGroup CreateReplicationGroup CreateUser CreateUserGroup DecreaseReplicaCount DeleteCacheParameterGroup DeleteCacheSubnetGroup DeleteReplicationGroup DeleteUser DeleteUserGroup DescribeCacheClusters DescribeCacheParameterGroups DescribeCacheParameters DescribeCacheSubnetGroups DescribeReplicationGroups DescribeUserGroups DescribeUsers IncreaseReplicaCount ListTagsForResource ModifyCacheParameterGroup ModifyCacheSubnetGroup ModifyReplicationGroup ModifyUser ModifyUserGroup RemoveTagsFromResource ResetCacheParameterGroup",
      ),
    },
  },
  {
    service: "elasticloadbalancing",
    types: /^aws_lb/,
    on: [
      "elasticloadbalancing:loadbalancer/app/NAME",
      "elasticloadbalancing:listener/app/NAME",
      "elasticloadbalancing:listener-rule/app/NAME",
      "elasticloadbalancing:targetgroup/NAME",
      "elasticloadbalancing:truststore/NAME",
    ],
    named: words(
      "AddTags CreateListener CreateLoadBalancer CreateRule CreateTargetGroup DeleteListener DeleteLoadBalancer DeleteRule DeleteTargetGroup ModifyListenerAttributes ModifyLoadBalancerAttributes ModifyTargetGroupAttributes",
    ),
    anywhere: words(
      "DescribeCapacityReservation DescribeListenerAttributes DescribeListeners DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups",
    ),
    documented: {
      named: words(
        "AddTrustStoreRevocations CreateTrustStore DeleteTrustStore GetTrustStoreCaCertificatesBundle ModifyListener ModifyRule ModifyTargetGroup ModifyTrustStore RemoveTags RemoveTrustStoreRevocations SetRulePriorities SetSecurityGroups SetSubnets SetWebAcl",
      ),
      anywhere: words("DescribeTrustStoreRevocations DescribeTrustStores"),
    },
  },
  {
    service: "events",
    types: /^aws_cloudwatch_event_/,
    on: ["events:rule/NAME"],
    named: words(
      "DeleteRule DescribeRule ListTagsForResource ListTargetsByRule PutRule PutTargets RemoveTargets",
    ),
    anywhere: [],
    documented: { named: words("DisableRule EnableRule TagResource UntagResource") },
  },
  {
    service: "firehose",
    types: /^aws_kinesis_firehose_/,
    on: ["firehose:deliverystream/NAME"],
    named: words(
      "CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream ListTagsForDeliveryStream StartDeliveryStreamEncryption",
    ),
    anywhere: [],
    documented: {
      named: words("StopDeliveryStreamEncryption TagDeliveryStream UntagDeliveryStream UpdateDestination"),
    },
  },
  {
    service: "kms",
    types: /^aws_kms_/,
    on: [],
    named: [],
    anywhere: words(
      "CreateAlias CreateKey DeleteAlias DescribeKey EnableKeyRotation GetKeyPolicy GetKeyRotationStatus ListAliases ListResourceTags ScheduleKeyDeletion",
    ),
    documented: {
      anywhere: words(
        "CancelKeyDeletion CreateGrant Decrypt DisableKeyRotation Encrypt GenerateDataKey ListKeyRotations PutKeyPolicy RetireGrant TagResource UntagResource UpdateAlias UpdateKeyDescription",
      ),
    },
  },
  {
    service: "lambda",
    types: /^aws_lambda_/,
    on: ["lambda:function:NAME"],
    named: words(
      "AddPermission CreateFunction DeleteFunction GetFunction GetFunctionCodeSigningConfig GetPolicy InvokeFunction ListVersionsByFunction PutFunctionConcurrency RemovePermission",
    ),
    anywhere: [],
    documented: {
      named: words(
        "DeleteFunctionConcurrency GetFunctionConcurrency GetFunctionConfiguration GetRuntimeManagementConfig ListTags TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration",
      ),
    },
  },
  {
    service: "logs",
    types: /^aws_cloudwatch_log_|^aws_elasticache_|^aws_wafv2_|^aws_ecs_/,
    on: [
      "logs:log-group:/hardened-mcp/NAME",
      "logs:log-group:/aws/*/NAME",
      "logs:log-group:aws-waf-logs-NAME",
    ],
    named: words(
      "CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream DeleteMetricFilter DeleteSubscriptionFilter DescribeLogStreams DescribeMetricFilters DescribeSubscriptionFilters ListTagsForResource PutMetricFilter PutRetentionPolicy PutSubscriptionFilter",
    ),
    anywhere: words("DeleteResourcePolicy DescribeLogGroups DescribeResourcePolicies PutResourcePolicy"),
    documented: {
      named: words("AssociateKmsKey DeleteRetentionPolicy DisassociateKmsKey TagResource UntagResource"),
      anywhere: words(
        "CreateLogDelivery DeleteLogDelivery GetLogDelivery ListLogDeliveries UpdateLogDelivery",
      ),
    },
  },
  {
    service: "route53",
    types: /^aws_route53_/,
    on: ["route53:::hostedzone/*"],
    named: words("ChangeResourceRecordSets GetHostedZone ListResourceRecordSets"),
    anywhere: words("GetChange"),
    documented: { named: words("ListTagsForResource") },
  },
  {
    service: "s3",
    types: /^aws_s3_/,
    on: ["s3:::NAME"],
    named: words(
      "CreateBucket DeleteBucket DeleteBucketPolicy DeleteObject DeleteObjectVersion GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLogging GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration ListBucket ListBucketVersions PutBucketLogging PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration",
    ),
    anywhere: [],
    documented: {
      named: words(
        "GetBucketLocation GetBucketNotification GetBucketPolicyStatus GetObject GetObjectTagging GetObjectVersion ListTagsForResource PutObject PutObjectTagging TagResource UntagResource",
      ),
    },
  },
  {
    service: "scheduler",
    types: /^aws_scheduler_/,
    on: ["scheduler:schedule/NAME/*", "scheduler:schedule/*/NAME", "scheduler:schedule-group/NAME"],
    named: words(
      "CreateSchedule CreateScheduleGroup DeleteSchedule DeleteScheduleGroup GetSchedule GetScheduleGroup ListTagsForResource",
    ),
    anywhere: [],
    documented: { named: words("TagResource UntagResource UpdateSchedule") },
  },
  {
    service: "secretsmanager",
    types: /^aws_secretsmanager_/,
    on: ["secretsmanager:secret:SECRET"],
    named: words(
      "CancelRotateSecret CreateSecret DeleteResourcePolicy DeleteSecret DescribeSecret GetResourcePolicy PutResourcePolicy RotateSecret",
    ),
    anywhere: [],
    documented: {
      named: words(
        "GetSecretValue ListSecretVersionIds PutSecretValue RestoreSecret TagResource UntagResource UpdateSecret UpdateSecretVersionStage ValidateResourcePolicy",
      ),
    },
  },
  {
    service: "servicediscovery",
    types: /^aws_service_discovery_/,
    on: [],
    named: [],
    anywhere: words(
      "CreatePrivateDnsNamespace CreateService DeleteNamespace DeleteService GetNamespace GetOperation GetService ListInstances ListTagsForResource",
    ),
    documented: {
      anywhere: words(
        "DeregisterInstance ListOperations TagResource UntagResource UpdatePrivateDnsNamespace UpdateService",
      ),
    },
  },
  {
    service: "sns",
    types: /^aws_sns_/,
    on: ["sns:NAME"],
    named: words(
      "CreateTopic DeleteTopic GetSubscriptionAttributes GetTopicAttributes ListTagsForResource SetTopicAttributes Subscribe Unsubscribe",
    ),
    anywhere: [],
    documented: { named: words("GetDataProtectionPolicy TagResource UntagResource") },
  },
  {
    service: "sqs",
    types: /^aws_sqs_/,
    on: ["sqs:NAME"],
    named: words("CreateQueue DeleteQueue GetQueueAttributes ListQueueTags SetQueueAttributes"),
    anywhere: [],
    documented: { named: words("TagQueue UntagQueue") },
  },
  {
    service: "states",
    types: /^aws_sfn_/,
    on: ["states:stateMachine:NAME"],
    named: [],
    anywhere: [],
    documented: {
      named: words(
        "CreateStateMachine DeleteStateMachine DescribeStateMachine ListStateMachineVersions ListTagsForResource TagResource UntagResource UpdateStateMachine",
      ),
      anywhere: words("ValidateStateMachineDefinition"),
    },
  },
  {
    service: "wafv2",
    types: /^aws_wafv2_/,
    on: [
      "wafv2:regional/webacl/NAME",
      "wafv2:regional/managedruleset/*",
      "elasticloadbalancing:loadbalancer/app/NAME",
    ],
    named: words(
      "AssociateWebACL CreateWebACL DeleteLoggingConfiguration DeleteWebACL DisassociateWebACL GetLoggingConfiguration GetWebACL GetWebACLForResource ListTagsForResource PutLoggingConfiguration",
    ),
    anywhere: [],
    documented: { named: words("TagResource UntagResource UpdateWebACL") },
  },
];
