import type { HardenedMcpConfig, ServerConfig } from "../../lib/config";
import { HardenedMcp } from "../../lib/hardened-mcp";
import { storedVariables } from "../../lib/policy-store/read";
import { embedded, type Plan } from "../../lib/terraform/plan";
import { goodConfig, goodServer } from "../support/config";
import type { StartableContainer } from "../support/envoy";
import { synthPlan } from "../support/plan";

export const ISSUER = "https://login.example.com/";

/** A server whose issuer's keys are mirrored. */
export function mirroredServer(keys: object = {}): ServerConfig {
  return goodServer({
    auth: {
      jwt: { issuer: ISSUER, keys: { kind: "mirrored", uri: `${ISSUER}jwks`, ...keys } },
    },
    clients: {
      assistant: { identity: { kind: "apiKey" }, tools: ["search"] },
      support: { identity: { kind: "jwt", claim: "client_id", equals: "support-app" }, tools: ["search"] },
    },
  });
}

/** The whole deployment, as it is written. */
export function mirroredPlan(change: Partial<HardenedMcpConfig> = {}): Plan {
  return synthPlan((stack) => {
    new HardenedMcp(stack, "mcp", goodConfig({ servers: { notes: mirroredServer() }, ...change }));
  });
}

/** The gateway's container of a plan, with the bucket's host in place of the reference to it. */
export function gatewayOf(plan: Plan, host: string): StartableContainer {
  const [task] = plan.blocks("aws_ecs_task_definition");
  const containers = embedded(task?.body.container_definitions) as (StartableContainer & { name: string })[];
  const gateway = containers.find(({ name }) => name === "gateway");
  if (gateway === undefined) throw new Error("there is no gateway");
  // What a store holds is handed over by ECS as a variable, like what stands in the container.
  const stored = storedVariables(gateway as never, plan);
  const given = {
    ...gateway,
    environment: [...gateway.environment, ...stored.map(({ name, value = "" }) => ({ name, value }))],
    secrets: gateway.secrets.filter(({ name }) => !stored.some((one) => one.name === name)),
  };
  const text = JSON.stringify(given).replace(
    /\$\{aws_s3_bucket\.[A-Za-z0-9_-]+\.bucket_regional_domain_name\}/g,
    () => host,
  );
  return JSON.parse(text) as StartableContainer;
}
