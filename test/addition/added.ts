import type { TerraformJson } from "../../lib/terraform/plan";

/** Blocks by type and name, as a file has them; what is read by `data.TYPE` or `ephemeral.TYPE`. */
export type Added = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What somebody writes beside a deployment of ours, and what is asked of the tool about it. */
export interface Addition {
  /** What it does, in a few words: unique within its class. */
  readonly name: string;
  readonly adds: (it: File) => Added;
  /**
   * `verdict`: something fails or is unknown that was not. `named`: who can reach what has a line more. `quiet`: nothing
   * may be said, it opens nothing.
   */
  readonly expected: "verdict" | "named" | "quiet";
  /** `hardened-mcp diff` says that reach widened. @default false */
  readonly widens?: boolean;
}

type Blocks = Record<string, Readonly<Record<string, unknown>>>;

/** A file, asked for its blocks by where their constructs stand. */
export class File {
  public constructor(public readonly source: TerraformJson) {}

  /** `aws_lb.NAME` of the block whose construct's path ends so. @throws Error when there are none or several */
  public at(path: string): string {
    const found = Object.entries(this.source.resource ?? {}).flatMap(([type, all]) =>
      Object.entries(all)
        .filter(([, body]) => pathOf(body).endsWith(`/${path}`))
        .map(([name]) => `${type}.${name}`),
    );
    const [one] = found;
    if (one === undefined || found.length > 1)
      throw new Error(`${path} is ${found.join(" and ") || "nothing"}`);
    return one;
  }

  /** A reference to an attribute of it. */
  public ref(path: string, attribute = "id"): string {
    return `\${${this.at(path)}.${attribute}}`;
  }

  /** The value of an attribute of it, as it is written. */
  public value(path: string, attribute: string): unknown {
    const [type = "", name = ""] = this.at(path).split(".");
    return (this.source.resource?.[type]?.[name] as Readonly<Record<string, unknown>>)[attribute];
  }

  /** The same file with more blocks in it. @param path of the construct that has made them; none for a hand's */
  public with(added: Added, path?: string): TerraformJson {
    const comment = path === undefined ? {} : { "//": { metadata: { path } } };
    const sections: Record<string, Blocks> = {};
    for (const [kind, all] of Object.entries(added)) {
      const [mode, type] = kind.includes(".") ? kind.split(".") : ["resource", kind];
      const more = Object.entries(all).map(([name, body]) => [name, { ...(body as object), ...comment }]);
      const section = (sections[mode ?? ""] ??= { ...(this.source[mode ?? ""] as Blocks) });
      section[type ?? ""] = {
        ...section[type ?? ""],
        ...(Object.fromEntries(more) as Record<string, unknown>),
      };
    }
    return { ...this.source, ...sections } as TerraformJson;
  }
}

function pathOf(body: unknown): string {
  return (body as { "//"?: { metadata?: { path?: string } } })["//"]?.metadata?.path ?? "";
}

/** One block of a type. */
export function one(type: string, body: Readonly<Record<string, unknown>>): Added {
  return { [type]: { added: body } };
}

/** Blocks of several types together. */
export function several(...all: readonly Added[]): Added {
  return all.reduce<Record<string, Readonly<Record<string, unknown>>>>((sum, added) => {
    for (const [type, blocks] of Object.entries(added)) sum[type] = { ...sum[type], ...blocks };
    return sum;
  }, {});
}

/** A policy of one statement that allows. */
export function allows(statement: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
}

/** Where a deployment's parts stand, below the stack. */
export const IN = {
  vpc: "network/vpc/resource",
  acl: "network/vpc/isolated-acl",
  privateTable: "private/eu-west-1a/routes",
  privateSubnet: "private/eu-west-1a/resource",
  publicSubnet: "public/eu-west-1a/resource",
  otherPublicSubnet: "public/eu-west-1b/resource",
  internetGateway: "vpc/internet-gateway",
  endpoints: "endpoints/group",
  s3Endpoint: "endpoints/s3",
  logsEndpoint: "endpoints/logs",
  balancer: "ingress/resource",
  balancerGroup: "ingress/group",
  listener: "ingress/https",
  targets: "server-orders/route/targets",
  otherTargets: "server-docs/route/targets",
  service: "server-orders/service/resource",
  otherService: "server-docs/service/resource",
  definition: "server-orders/service/definition",
  taskGroup: "server-orders/service/group",
  otherTaskGroup: "server-docs/service/group",
  taskRole: "server-orders/service/task/resource",
  executionRole: "server-orders/service/execution/resource",
  peers: "server-orders/service/peers",
  cluster: "cluster/resource",
  namespace: "cluster/namespace",
  firewall: "waf/resource",
  audit: "server-orders/logs/audit/resource",
  stream: "audit/delivery/resource",
  archive: "archive/bucket/resource",
  readers: "archive/readers/resource",
  accessLogs: "ingress/logs/resource",
  auditKey: "audit/key/resource",
  secretsKey: "platform/secrets/key/resource",
  topic: "topic/new/resource",
  queue: "server-orders/failed-deployments/queue/resource",
  failedRule: "server-orders/failed-deployments/rule",
  secret: "server-orders/secrets/client-ci-bot/resource",
  secretRotation: "client-ci-bot-rotation/resource",
  rotationRole: "client-ci-bot-rotation/role/resource",
  alarm: "server-orders/alarms/tool-denied/resource",
} as const;
