import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import type { RotationConfig } from "../../lib/secrets/delivery/config";
import { resolveDelivery } from "../../lib/secrets/delivery/model";
import { PickUp } from "../../lib/secrets/delivery/pick-up";
import { Redelivery } from "../../lib/secrets/redelivery";
import { ServerSecrets } from "../../lib/secrets/server-secrets";
import type { Plan } from "../../lib/terraform/plan";
import { Check } from "../../lib/validation";
import { synthPlan, testDeployment } from "../support/plan";
import { KEY, LOGS_KEY, READER, TOPIC } from "./rotation-fixture";

export const EXISTING = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:vault/ledger-AbCdEf";
export const CLUSTER = "arn:aws:ecs:eu-west-1:123456789012:cluster/acme-test";

/** A server whose secrets change as `rotation` says, with everything that brings them to its tasks. */
export function deliveredPlan(rotation: RotationConfig | undefined, writer = false): Plan {
  return synthPlan((stack) => {
    const on = testDeployment(stack);
    const cluster = { arn: CLUSTER, name: "acme-test" };
    const {
      surroundings,
      main: { heard },
    } = new ServerSecrets(stack, "secrets", {
      on,
      name: "orders",
      delivery: resolveDelivery(rotation, Check.start(() => false).at("rotation")),
      slice: {
        clientKeys: [{ name: "ci-bot", rotateDays: 7, readers: [READER] }],
        generated: [],
        databases: [],
        existing: [
          {
            name: "ledger",
            env: "LEDGER",
            arn: EXISTING,
            field: undefined,
            keyArn: undefined,
            writer: writer
              ? {
                  principalArn: "arn:aws:iam::210987654321:role/vault",
                  externalId: "workspace-1234",
                  maxAgeDays: 45,
                }
              : undefined,
          },
        ],
        tls: { rotateDays: 60, validDays: 150 },
        recoveryDays: 30,
        waivers: [],
      },
      keyArn: KEY,
      logs: { keyArn: LOGS_KEY, retainDays: 400 },
      network: {
        vpcId: "vpc-1",
        taskSubnetIds: ["subnet-a", "subnet-b"],
        endpoints: { securityGroupId: "sg-endpoints", s3PrefixListId: "pl-1", owned: false },
      },
      topicArn: TOPIC,
    });
    const serviceName = "acme-test-orders";
    new EcsService(stack, "service", { name: serviceName, cluster: CLUSTER });
    const service = { on, server: "orders", cluster, serviceName, keyArn: KEY };
    new Redelivery(stack, "redelivery", { ...service, deadLetters: surroundings.deadLetters });
    if (rotation?.pickUp === "fast") {
      new PickUp(stack, "pick-up", { ...service, heard, topicArn: TOPIC });
    }
  });
}
