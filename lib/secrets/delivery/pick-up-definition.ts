/** Seconds that changes are given to come together. */
export const SETTLE_SECONDS = 300;

const DESCRIBE = "arn:aws:states:::aws-sdk:ecs:describeServices";
const UPDATE = "arn:aws:states:::aws-sdk:ecs:updateService";
/** There is nothing to start anew: not yet, or not any more. */
const GONE = [
  "Ecs.ClusterNotFoundException",
  "Ecs.ServiceNotFoundException",
  "Ecs.ServiceNotActiveException",
];
const PATIENCE = { MaxAttempts: 6, IntervalSeconds: 15, BackoffRate: 2, JitterStrategy: "FULL" };
const TRY_AGAIN = [
  { ErrorEquals: GONE, MaxAttempts: 0 },
  { ErrorEquals: ["States.ALL"], ...PATIENCE },
];
const UNLESS_GONE = [{ ErrorEquals: GONE, Next: "Nothing" }];

/** The event of Secrets Manager, as CloudTrail brings it, whose requestParameters are empty. */
export const ROTATED = {
  source: ["aws.secretsmanager"],
  "detail-type": ["AWS Service Event via CloudTrail"],
  detail: { eventSource: ["secretsmanager.amazonaws.com"], eventName: ["RotationSucceeded"] },
} as const;

/** The one service that is started anew. */
export interface PickUpTarget {
  readonly partition: string;
  readonly clusterArn: string;
  readonly serviceName: string;
}

/**
 * Waits until changes that come together have come; then starts the service's tasks anew, unless somebody has done so
 * since the change, or there is no such service. Input: `{ time }` of the change, as events write it.
 */
export function pickUpDefinition({ partition, clusterArn, serviceName }: PickUpTarget): object {
  const of = (arn: string): string => arn.replace("arn:aws:", `arn:${partition}:`);
  return {
    Comment: "One deployment for all changes of secrets that come together",
    QueryLanguage: "JSONata",
    StartAt: "Settle",
    TimeoutSeconds: 3600,
    States: {
      Settle: { Type: "Wait", Seconds: SETTLE_SECONDS, Next: "Look" },
      Look: {
        Type: "Task",
        Resource: of(DESCRIBE),
        Arguments: { Cluster: clusterArn, Services: [serviceName] },
        // The newest deployment is the one that is PRIMARY.
        Output:
          "{% $merge([$states.input, {'status': $states.result.Services[0].Status, 'started': $states.result.Services[0].Deployments[Status = 'PRIMARY'].CreatedAt}]) %}",
        Retry: TRY_AGAIN,
        Catch: UNLESS_GONE,
        Next: "Needed",
      },
      Needed: {
        Type: "Choice",
        Choices: [
          {
            Condition:
              "{% $states.input.status = 'ACTIVE' and $not($exists($states.input.started) and $toMillis($states.input.started) > $toMillis($states.input.time)) %}",
            Next: "StartAnew",
          },
        ],
        Default: "Nothing",
      },
      StartAnew: {
        Type: "Task",
        Resource: of(UPDATE),
        Arguments: { Cluster: clusterArn, Service: serviceName, ForceNewDeployment: true },
        Output: {},
        Retry: TRY_AGAIN,
        Catch: UNLESS_GONE,
        End: true,
      },
      Nothing: { Type: "Succeed" },
    },
  };
}
