import { readFileSync } from "node:fs";
import { join } from "node:path";
import { signedFor, type Emulator } from "./emulator";

/** Services that take forms, with the version of their interface. The others take JSON for a target. */
const FORMS: Readonly<Record<string, string>> = {
  ec2: "2016-11-15",
  elasticloadbalancing: "2015-12-01",
  iam: "2010-05-08",
};
const TARGETS: Readonly<Record<string, readonly [target: string, type: string]>> = {
  ecs: ["AmazonEC2ContainerServiceV20141113", "application/x-amz-json-1.1"],
  logs: ["Logs_20140328", "application/x-amz-json-1.1"],
};

/** Does one thing past Terraform, as somebody at a console does. Flat parameters for services that take forms. */
export async function byHand(
  emulator: Emulator,
  service: string,
  action: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<void> {
  const version = FORMS[service];
  const [target = "", json = ""] = TARGETS[service] ?? [];
  if (version === undefined && target === "") throw new Error(`how ${service} is called is not known here`);
  const form = { Action: action, Version: version ?? "", ...(parameters as Record<string, string>) };
  const response = await fetch(emulator.url, {
    method: "POST",
    headers: {
      "content-type": version === undefined ? json : "application/x-www-form-urlencoded; charset=utf-8",
      ...(version === undefined && { "x-amz-target": `${target}.${action}` }),
      "x-amz-date": "20260101T000000Z",
      authorization: signedFor(service),
    },
    body: version === undefined ? JSON.stringify(parameters) : new URLSearchParams(form),
  });
  if (!response.ok) throw new Error(`${service} ${action}: ${response.status} ${await response.text()}`);
}

/** A resource of a state. */
export interface Deployed {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The resources of `terraform.tfstate`, as the provider read them last. */
export function deployedIn(folder: string): Deployed[] {
  const { resources } = JSON.parse(readFileSync(join(folder, "terraform.tfstate"), "utf8")) as {
    resources: { mode: string; type: string; name: string; instances: { attributes: object }[] }[];
  };
  return resources
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ type, name, instances }) =>
      instances.map(({ attributes }) => ({
        address: `${type}.${name}`,
        type,
        values: attributes as Record<string, unknown>,
      })),
    );
}
