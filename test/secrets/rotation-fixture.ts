import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { TerraformStack, type App } from "cdktf";
import { Redelivery } from "../../lib/secrets/redelivery";
import { ServerSecrets } from "../../lib/secrets/server-secrets";
import type { Block, Plan } from "../../lib/terraform/plan";
import { synthPlan, testDeployment } from "../support/plan";

export const KEY = "arn:aws:kms:eu-west-1:123456789012:key/secrets";
export const LOGS_KEY = "arn:aws:kms:eu-west-1:123456789012:key/logs";
export const TOPIC = "arn:aws:sns:eu-west-1:123456789012:oncall";
export const READER = "arn:aws:iam::123456789012:role/ci";

/** A server with one secret of every kind. */
export function secretsPlan({ owned = true, waiting = false } = {}): Plan {
  return synthPlan((stack) => {
    const on = testDeployment(stack);
    const cluster = { arn: "arn:aws:ecs:eu-west-1:123456789012:cluster/acme-test", name: "acme-test" };
    const elsewhere = new TerraformStack(stack.node.root as App, "elsewhere");
    const endpoint = (at: TerraformStack) =>
      new VpcEndpoint(at, "endpoint", { vpcId: "vpc-1", serviceName: "secretsmanager" });
    const { surroundings, ready } = new ServerSecrets(stack, "secrets", {
      on,
      name: "orders",
      slice: {
        clientKeys: [{ name: "ci-bot", rotateDays: 7, readers: [READER] }],
        generated: [
          {
            name: "cookie-key",
            env: "COOKIE_KEY",
            field: "current",
            settings: { length: 48 },
            rotateDays: 30,
          },
        ],
        databases: [],
        existing: [],
        tls: { rotateDays: 30, validDays: 120 },
        recoveryDays: 30,
        waivers: [],
      },
      keyArn: KEY,
      logs: { keyArn: LOGS_KEY, retainDays: 400 },
      network: {
        vpcId: "vpc-1",
        taskSubnetIds: ["subnet-a", "subnet-b"],
        endpoints: {
          securityGroupId: "sg-endpoints",
          s3PrefixListId: "pl-1",
          owned,
          ready: [endpoint(stack), endpoint(elsewhere)],
        },
      },
      topicArn: TOPIC,
    });
    if (waiting) new EcsCluster(stack, "waiting", { name: "waiting", dependsOn: [...ready] });
    new Redelivery(stack, "redelivery", {
      on,
      server: "orders",
      cluster,
      serviceName: "acme-test-orders",
      keyArn: KEY,
      deadLetters: surroundings.deadLetters,
    });
  });
}

/** The secrets of that server. */
export const CHILDREN = ["client-ci-bot", "own-cookie-key", "tls"];

/** The blocks of a type by the secret that they are for; all three must be there. */
export function bySecret(plan: Plan, type: string): [string, Block][] {
  const found = plan.blocks(type).flatMap((block): [string, Block][] => {
    const child = CHILDREN.find((each) => block.name.startsWith(`secrets_${each}-rotation_`));
    return child === undefined ? [] : [[child, block]];
  });
  expect(found.map(([child]) => child).sort()).toEqual(CHILDREN);
  return found;
}

/** References as they can be compared: `${data.aws_region.x.id}` → `<id>`. */
export function readable(value: unknown): unknown {
  const text = JSON.stringify(value).replace(/\$\{[^}]*\.([a-z_]+)\}/g, "<$1>");
  return JSON.parse(text) as unknown;
}

/** The secret itself. */
export function secretOf(plan: Plan, child: string): Block {
  const secret = plan
    .blocks("aws_secretsmanager_secret")
    .find(({ name }) => name.startsWith(`secrets_${child}_resource`));
  if (secret === undefined) throw new Error(`there is no secret ${child}`);
  return secret;
}
