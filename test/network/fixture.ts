import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import type { TerraformStack } from "cdktf";
import type { ReachConfig } from "../../lib/edge/config";
import type { NetworkConfig, NewNetworkConfig } from "../../lib/network/config";
import { resolveNetwork } from "../../lib/network/model";
import { Network } from "../../lib/network/network";
import type { Posture } from "../../lib/posture";
import { isToken } from "../../lib/terraform";
import type { Plan } from "../../lib/terraform/plan";
import { Check, ConfigurationError } from "../../lib/validation";
import { synthPlan, testDeployment } from "../support/plan";

export const NEW: NewNetworkConfig = {
  kind: "new",
  cidr: "10.40.0.0/20",
  zones: ["eu-west-1a", "eu-west-1c"],
};

export const KEY = "arn:aws:kms:eu-west-1:123456789012:key/logs";

/** A network in a stack, with whatever else is put on it. Throws where the configuration is wrong. */
export function makeNetwork(
  stack: TerraformStack,
  config: NetworkConfig = NEW,
  reach: ReachConfig["kind"] = "internet",
  posture: Posture = "production",
): { network: Network; on: ReturnType<typeof testDeployment> } {
  const check = Check.start(isToken);
  const slice = resolveNetwork(config, check, { reach });
  if (check.problems.length > 0) throw new ConfigurationError(check.problems);
  const on = testDeployment(stack, posture);
  return { on, network: new Network(stack, "network", { on, slice, logsKeyArn: KEY }) };
}

/** A network with a service in the subnets of tasks. */
export function networkPlan(config?: NetworkConfig, reach?: ReachConfig["kind"], posture?: Posture): Plan {
  return synthPlan((stack) => {
    const { network } = makeNetwork(stack, config, reach, posture);
    new EcsService(stack, "service", {
      name: "orders",
      networkConfiguration: { subnets: network.taskSubnetIds, assignPublicIp: false },
    });
  });
}
