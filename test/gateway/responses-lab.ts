import { GATEWAY, keyHashesVariable } from "../../lib/gateway";
import type { ReadLine } from "../support/audit";
import { readableProgram } from "../../lib/gateway/envoy/program";
import type { PolicyConfig } from "../../lib/policy";
import { startGateway, type Answer, type RunningGateway } from "../support/envoy";
import { TestIssuer } from "../support/tokens";
import { HOST, PATH, URL_OF_SERVER, build, digest, newKey, orders, type Message } from "./lab";
import { startMisbehavingServer, type Behaviour, type MisbehavingServer } from "./misbehaving-server";

/** What came back. */
export interface Asked {
  readonly id: number;
  readonly got: Answer;
  readonly line: ReadLine;
}

/** A gateway in front of a server that answers as it is told. */
export interface ResponseLab {
  readonly gateway: RunningGateway;
  readonly server: MisbehavingServer;
  readonly issuer: TestIssuer;
  /** Sends as the client `ci-bot`, or with another credential, to a server that behaves so; the answer, and its one audit line. */
  ask(message: Message, behaviour: Behaviour, credential?: string): Promise<Asked>;
  /** A token of the client `support`. */
  token(claims?: Record<string, unknown>): string;
  /** A mutant that never comes back ends only by `SIGKILL`. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** The server of the other labs, with tools that may answer little, or not everything. */
export function answering(issuer: TestIssuer): PolicyConfig {
  const config = orders(issuer);
  const { search } = config.tools;
  if (search === undefined) throw new Error("the lab has no tool search");
  const ciBot = config.clients["ci-bot"];
  if (ciBot === undefined) throw new Error("the lab has no client ci-bot");
  return {
    ...config,
    clients: { ...config.clients, "ci-bot": { ...ciBot, tools: [...ciBot.tools, "small", "careful"] } },
    tools: {
      ...config.tools,
      small: { ...search, responses: { maxKib: 2 } },
      careful: {
        ...search,
        responses: {
          refuse: [
            "aws-access-key",
            "private-key",
            "client-key",
            "github-token",
            { name: "acme-token", startsWith: "acme_", then: "hex", atLeast: 8 },
            { name: "dotted", startsWith: "a.c+", then: "hex", atLeast: 4 },
          ],
        },
      },
    },
  };
}

/** Starts both. `mutate` makes a mutant of the program, with the names that stand in `runtime/gateway`. */
export async function startResponseLab(
  mutate?: (program: string) => string,
  issuer: TestIssuer = new TestIssuer(),
): Promise<ResponseLab> {
  const server = await startMisbehavingServer();
  const key = newKey();
  let last = 0;
  const { container } = build(answering(issuer), server.port);
  const environment = container.environment.map(({ name, value }) => ({
    name,
    value: name === GATEWAY.env.program && mutate ? mutate(readableProgram()) : value,
  }));
  const gateway = await startGateway({
    container: { ...container, environment },
    hostname: HOST,
    secrets: { [keyHashesVariable("ci-bot")]: digest(key), [keyHashesVariable("narrow")]: digest(newKey()) },
  }).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return {
    gateway,
    server,
    issuer,
    ask: async ({ headers, body }, behaviour, credential = key) => {
      const id = ++last;
      server.on(id, behaviour);
      const got = await gateway.send({
        path: PATH,
        headers: { ...headers, authorization: `Bearer ${credential}` },
        body: JSON.stringify({ ...body, id }),
      });
      const lines = await gateway.linesOf(got);
      if (lines[0] === undefined || lines.length > 1) throw new Error(`${lines.length} audit lines`);
      return { id, got, line: lines[0] };
    },
    token: (claims = {}) =>
      issuer.token({ aud: URL_OF_SERVER, client_id: "support-app", scope: "openid mcp:refund", ...claims }),
    stop: async (signal) => {
      await gateway.stop(signal);
      await server.stop();
    },
  };
}
