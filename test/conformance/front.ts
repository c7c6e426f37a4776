import { createServer } from "node:http";
import { request } from "node:https";
import { HOST, PATH } from "../gateway/lab";
import type { RunningGateway } from "../support/envoy";
import { PAGE } from "./server";

/**
 * What the suite is pointed at, which has no credential and trusts no certificate of ours: passes everything on to the
 * gateway with a key, under its host and path. Another Host or Origin than its own goes on as it is.
 */
export async function startFront(
  gateway: RunningGateway,
  key: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((incoming, response) => {
    const { port } = server.address() as { port: number };
    const own = [`127.0.0.1:${port}`, `localhost:${port}`];
    const { host = "", origin, ...headers } = incoming.headers;
    const outgoing = request(
      {
        ...{ host: "127.0.0.1", port: gateway.port, servername: HOST, ca: gateway.certificate },
        ...{ method: incoming.method, path: PATH },
        headers: {
          ...headers,
          ...{ authorization: `Bearer ${key}`, host: own.includes(host) ? HOST : host },
          ...(origin !== undefined && {
            origin: own.some((name) => origin === `http://${name}`) ? `https://${PAGE}` : origin,
          }),
        },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        response.on("close", () => outgoing.destroy());
      },
    );
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}/mcp`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
