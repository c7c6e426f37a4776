/** What ECS says when its circuit breaker gives a deployment up. */
export const GIVEN_UP = {
  source: ["aws.ecs"],
  "detail-type": ["ECS Deployment State Change"],
  detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
} as const;
