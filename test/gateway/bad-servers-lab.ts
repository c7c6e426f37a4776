import { request } from "node:https";
import { GATEWAY, keyHashesVariable } from "../../lib/gateway";
import type { AuditLine } from "../../lib/gateway/audit-line";
import { readableProgram } from "../../lib/gateway/envoy/program";
import { startGateway, type Bootstrap, type RunningGateway } from "../support/envoy";
import type { ReadLine } from "../support/audit";
import { TestIssuer } from "../support/tokens";
import type { BadServer } from "./bad-servers-cases";
import type { Data } from "./limits-lab";
import { HOST, PATH, URL_OF_SERVER, build, call, digest, newKey, orders } from "./lab";
import { startRawServer, type RawServer } from "./raw-server";
import { managerOf } from "./wire-mutants";

/** Of the tool that is called: ms. */
const MAY_TAKE_MS = 1000;

/** What came of a call. */
export interface Outcome {
  readonly gets: BadServer["gets"] | "nothing";
  readonly reason: AuditLine["reason"] | undefined;
  readonly envoy: string | null | undefined;
  /** When the call ended: before the time that the tool may take was over, with it, or later. */
  readonly ends: "before" | "with it" | "too late";
  /** Of the answer. */
  readonly headers: readonly string[];
}

/** A gateway in front of a server that writes what it is told to. */
export interface BadServerLab {
  readonly gateway: RunningGateway;
  readonly server: RawServer;
  readonly key: string;
  /** Calls a tool that may take a second, of a server that does so. */
  ask(given: Pick<BadServer, "writes">): Promise<Outcome>;
  /** The status of a call by another client, which the server answers. */
  another(): Promise<number>;
  stop(): Promise<void>;
}

/** What a server is held by, each taken away. */
export const PROTECTIONS_GONE: Readonly<
  Record<
    Exclude<BadServer["protection"], "none" | undefined>,
    { change?: (bootstrap: Bootstrap) => void; mutate?: [RegExp, string] }
  >
> = {
  "size of headers": { change: (bootstrap) => delete upstream(bootstrap).max_response_headers_kb },
  "number of headers": { change: (bootstrap) => delete upstream(bootstrap).max_headers_count },
  "size of an answer": {
    change: ({ static_resources: { listeners } }) =>
      Object.assign(listeners[0] as object, { per_connection_buffer_limit_bytes: 8 * 1_048_576 }),
  },
  places: {
    change: (bootstrap) => {
      for (const { routes } of managerOf(bootstrap).route_config.virtual_hosts as Data[])
        for (const route of routes as Data[]) delete route.response_headers_to_remove;
    },
  },
  status: {
    mutate: [/if not find\(status,.*?\)then/, "if false then"],
  },
  "length of a stream": { mutate: [/headers:remove\('content-length'\)/, ""] },
  timeout: { mutate: [/'x-envoy-upstream-rq-timeout-ms'/, "'x-nobody-reads-this'"] },
};

function upstream({ static_resources: { clusters } }: Bootstrap): Data {
  const [options] = Object.values(clusters[0]?.typed_extension_protocol_options as Record<string, Data>);
  return options?.common_http_protocol_options as Data;
}

/** Starts both. */
export async function startBadServerLab({
  change,
  mutate,
}: { change?: (bootstrap: Bootstrap) => void; mutate?: [RegExp, string] } = {}): Promise<BadServerLab> {
  const [from, to] = mutate ?? [/$/, ""];
  const program = readableProgram().replace(from, to);
  if (mutate && program === readableProgram()) throw new Error(`the program has no ${String(from)}`);
  const [server, issuer, key] = [await startRawServer(), new TestIssuer(), newKey()];
  const { container } = build(orders(issuer), server.port);
  const environment = container.environment.map(({ name, value }) => ({
    name,
    value: name === GATEWAY.env.program && mutate ? program : value,
  }));
  const gateway = await startGateway({
    container: { ...container, environment },
    hostname: HOST,
    secrets: { [keyHashesVariable("ci-bot")]: digest(key), [keyHashesVariable("narrow")]: digest(newKey()) },
    ...(change && { change }),
  }).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  let last = 1000;
  const token = issuer.token({ aud: URL_OF_SERVER, client_id: "support-app", scope: "openid" });
  return {
    ...{ gateway, server, key },
    ask: async ({ writes }) => {
      const id = ++last;
      server.on(id, writes);
      const { headers, body } = call("slow", {});
      const got = await untilEnd(gateway, { ...headers, authorization: `Bearer ${key}` }, { ...body, id });
      const [line, ...more] = got.status === 0 ? [] : await gateway.linesOf({ ...got, text: "" });
      if (more.length > 0) throw new Error("more than one audit line");
      return {
        ...{ gets: getsOf(got, id), reason: line?.reason, envoy: line?.envoy },
        ends: endOf(line),
        headers: Object.keys(got.headers),
      };
    },
    another: async () => {
      const { headers, body } = call("search", { query: "blue" });
      const sent = { ...headers, authorization: `Bearer ${token}` };
      return (await gateway.send({ path: PATH, headers: sent, body: JSON.stringify(body) })).status;
    },
    stop: async () => {
      await gateway.stop();
      await server.stop();
    },
  };
}

/**
 * By the gateway's own clock: our process is busy with what the servers write. Its timer counts from when it looked at the
 * clock last, which on a busy machine is a while before the call came; what did not end by it ended before. Without a line
 * there was no end.
 */
function endOf(line: ReadLine | undefined): Outcome["ends"] {
  const ms = line?.ms ?? Infinity;
  if (ms > 2 * MAY_TAKE_MS) return "too late";
  return ms < 0.9 * MAY_TAKE_MS || line?.envoy !== "response_timeout" ? "before" : "with it";
}

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Whether the answer came to its own end. */
  readonly whole: boolean;
}

function getsOf({ status, text, whole }: Got, id: number): Outcome["gets"] {
  if (status === 0) return "nothing";
  if (text.includes('data: {"jsonrpc":"2.0","id":' + id + ',"error":{"code":-31502')) return "last event";
  if (!whole) return "cut";
  // Anything else goes on as the server wrote it.
  const { id: of, error } = JSON.parse(text.startsWith("{") ? text : "{}") as {
    id?: unknown;
    error?: { code: number };
  };
  if (error !== undefined && of !== id) throw new Error(`the error is of the message ${String(of)}`);
  return error === undefined ? (status === 200 ? "fine" : "nothing") : [status, error.code];
}

/** One message; what came until its end, or until it was cut. Of no status where nothing could be read, or after eight silent seconds. */
function untilEnd(
  { port, certificate: ca }: RunningGateway,
  headers: Readonly<Record<string, string>>,
  body: object,
): Promise<Got> {
  return new Promise((resolve) => {
    const nothing: Got = { status: 0, headers: {}, text: "", whole: false };
    const options = {
      host: "127.0.0.1",
      port,
      servername: HOST,
      ca,
      agent: false,
      method: "POST",
      path: PATH,
    };
    const outgoing = request({ ...options, headers: { host: HOST, ...headers } }, (answer) => {
      let text = "";
      answer.on("data", (part) => (text += String(part)));
      answer.on("error", () => undefined);
      answer.on("close", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, whole: answer.complete }),
      );
    });
    outgoing.on("error", () => resolve(nothing));
    outgoing.on("upgrade", (_answer, socket) => {
      socket.destroy();
      resolve(nothing);
    });
    outgoing.setTimeout(8000, () => outgoing.destroy());
    outgoing.end(JSON.stringify(body));
  });
}
