import { INTERFACE_SERVICES } from "../network/endpoint-policies";
import type { Check, Fields } from "../validation";
import type { PrivateLinkConfig } from "./config";

/** An interface endpoint with every default resolved. */
export interface PrivateLinkModel extends PrivateLinkSettings {
  readonly kind: "privateLink";
  readonly name: string;
  readonly port: number;
  readonly because: string;
}

/** What the endpoint is made of. */
export interface PrivateLinkSettings {
  readonly service: string;
  /** Absent: a service that takes no policy. */
  readonly allow: { readonly actions: readonly string[]; readonly resources: readonly string[] } | undefined;
  readonly privateDns: boolean;
  readonly env: string | undefined;
}

const FIELDS = {
  service: true,
  allow: true,
  privateDns: true,
  env: true,
} satisfies Fields<PrivateLinkConfig>;
const REGION = "[a-z]{2}(?:-[a-z]+)+-\\d";
const SERVICE = new RegExp(
  `^(?:com\\.amazonaws\\.vpce\\.${REGION}\\.vpce-svc-[0-9a-f]{8,17}|com\\.amazonaws\\.${REGION}(?:\\.[a-z0-9-]+)+)$`,
);
const ACTION = {
  pattern: /^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/,
  form: "an action such as sqs:SendMessage, without *",
} as const;
const ARN = {
  pattern: /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}|aws|):.+$/,
  form: "an ARN",
  fix: "give the whole ARN",
} as const;

/** Whether an endpoint service belongs to somebody who is not AWS. Such a service takes no endpoint policy. */
export function isForeignService(service: string): boolean {
  return service.startsWith("com.amazonaws.vpce.");
}

/** Resolves an endpoint; nothing when it cannot be made. `check` stands at it. */
export function resolvePrivateLink(config: PrivateLinkConfig, check: Check): PrivateLinkSettings | undefined {
  if (!check.object(config, FIELDS)) return undefined;
  const { service, allow, privateDns, env } = config as PrivateLinkConfig;
  const atService = check.at("service");
  const form = "com.amazonaws.REGION.SERVICE or com.amazonaws.vpce.REGION.vpce-svc-…";
  if (!atService.literal(service, "write the name itself; what may pass depends on whose service it is"))
    return undefined;
  if (!atService.text(service, { pattern: SERVICE, form, max: 200 })) return undefined;
  const foreign = isForeignService(service);
  refuseOurs(service, atService);
  if (privateDns !== undefined && !check.at("privateDns").literal(privateDns)) return undefined;
  if (privateDns !== undefined) check.at("privateDns").boolean(privateDns);
  if (env !== undefined)
    check
      .at("env")
      .text(env, { pattern: /^[A-Z_][A-Z0-9_]*$/, form: "upper-case letters, digits and _", max: 128 });
  if (foreign && allow !== undefined)
    check
      .at("allow")
      .problem("conflict", "is set, and AWS takes no policy for services of others", "remove it");
  if (!foreign) resolveAllow(allow, check.at("allow"));
  // DynamoDB's endpoints answer to names of their own alone.
  const named = !foreign && !/\.dynamodb(-streams)?$/.test(service);
  return { service, allow: foreign ? undefined : allow, privateDns: privateDns ?? named, env };
}

/** AWS refuses a second endpoint with the same private name, and the platform's own have policies for all servers. */
function refuseOurs(service: string, check: Check): void {
  const end = service.split(".").slice(3).join(".");
  if (end !== "s3" && !(INTERFACE_SERVICES as readonly string[]).includes(end)) return;
  check.problem(
    "conflict",
    `is ${check.show(service)}, which the platform's own endpoints serve`,
    "remove the entry",
  );
}

function resolveAllow(allow: PrivateLinkConfig["allow"], check: Check): void {
  if (!check.present(allow, "say what may pass: { actions: […], resources: […] }") || allow === undefined)
    return;
  if (!check.object(allow, { actions: true, resources: true })) return;
  const { actions, resources } = allow as NonNullable<PrivateLinkConfig["allow"]>;
  for (const [action, at] of check
    .at("actions")
    .list(actions, { min: 1, max: 50, fix: "name at least one action" }))
    if (at.literal(action, "write the action itself; a right is reviewed by its name"))
      at.text(action, ACTION);
  for (const [resource, at] of check
    .at("resources")
    .list(resources, { min: 1, max: 50, fix: "name at least one ARN", token: true }))
    at.text(resource, ARN);
}
