import { createServer, request } from "node:https";
import type { IncomingMessage } from "node:http";
import { blockAt, blocksOf, texts } from "../../lib/audit/read";
import type { Block, Plan } from "../../lib/terraform/plan";
import { testCertificate } from "../support/envoy";

/**
 * A MODEL of an application load balancer's listener rules, from AWS's documentation: rules are asked by priority, all
 * conditions of a rule must hold, one value of a condition is enough; hosts and headers are compared without regard to
 * case and paths with it; `*` is any text and `?` one character; a header that is there several times is searched in
 * order. Nobody has run it against AWS.
 */
export interface ModelRequest {
  readonly host: string;
  readonly path: string;
  /** Names in lower case; as many values as there are lines. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

/** Address of the target group that a request goes to; nothing where the default answers. */
export function chooseTargets(plan: Plan, asked: ModelRequest): string | undefined {
  const rules = plan
    .blocks("aws_lb_listener_rule")
    // What has no priority gets the next free one: behind all that have.
    .sort((a, b) => Number(a.body.priority ?? Infinity) - Number(b.body.priority ?? Infinity));
  const rule = rules.find(({ body }) =>
    blocksOf(body.condition).every((condition) => holds(condition, asked)),
  );
  return rule && targetsOf(rule, plan);
}

function targetsOf({ body }: Block, plan: Plan): string | undefined {
  return plan.target(blockAt(body, "action").target_group_arn)?.address;
}

function holds(condition: Readonly<Record<string, unknown>>, { host, path, headers }: ModelRequest): boolean {
  const kind = Object.keys(condition)[0] ?? "";
  const block = blockAt(condition, kind);
  const values = texts(block.values);
  switch (kind) {
    case "host_header":
      return values.some((value) => like(value, host, true));
    case "path_pattern":
      return values.some((value) => like(value, path, false));
    case "http_header": {
      const lines = headers[String(block.http_header_name).toLowerCase()] ?? [];
      return lines.some((line) => values.some((value) => like(value, line, true)));
    }
    default:
      throw new Error(`the condition ${kind} is not modelled`);
  }
}

function like(pattern: string, text: string, anyCase: boolean): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, anyCase ? "is" : "s").test(text);
}

/** A running model. */
export interface LoadBalancerModel {
  readonly port: number;
  readonly certificate: string;
  stop(): Promise<void>;
}

/** Starts one on 127.0.0.1 that passes requests on as they came. `portOf` gives a target group's only target. */
export async function startLoadBalancerModel(
  plan: Plan,
  hostname: string,
  portOf: (targets: string) => number,
): Promise<LoadBalancerModel> {
  const pair = testCertificate(hostname);
  const server = createServer({ cert: pair.certificate, key: pair.key }, (incoming, answer) => {
    const targets = chooseTargets(plan, readRequest(incoming));
    if (targets === undefined) {
      answer.writeHead(404).end("Not found");
      return;
    }
    const outgoing = request(
      {
        ...{ host: "127.0.0.1", port: portOf(targets), servername: hostname, rejectUnauthorized: false },
        ...{ method: incoming.method, path: incoming.url, agent: false },
        // Names and values one after the other, doubles included.
        headers: incoming.rawHeaders as never,
      },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.rawHeaders as never);
        reply.pipe(answer);
      },
    );
    outgoing.on("error", () => answer.writeHead(502).end());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    certificate: pair.certificate,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function readRequest({ rawHeaders, url }: IncomingMessage): ModelRequest {
  const headers: Record<string, string[]> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    (headers[name] ??= []).push(rawHeaders[index + 1] ?? "");
  }
  return { host: headers["host"]?.[0] ?? "", path: (url ?? "").split("?")[0] ?? "", headers };
}
