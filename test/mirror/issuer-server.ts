import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { selfSigned, type CertificateAndKey } from "../../lib/runtime/rotation/certificate";

/** An https server on loopback that answers as it is told: an issuer, or S3. */
export class HttpsServer {
  /** Paths that were asked for, with methods. */
  public readonly asked: string[] = [];
  /** What it answers. */
  public answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) =>
    response.writeHead(404).end();

  private constructor(
    private readonly server: Server,
    public readonly pair: CertificateAndKey,
  ) {}

  /** Starts it with a certificate for a name; its own certificate is the authority to trust. */
  public static async start(
    pair: CertificateAndKey = selfSigned({ name: "localhost", days: 2 }),
  ): Promise<HttpsServer> {
    const server = createServer({ cert: pair.certificate, key: pair.key });
    const made = new HttpsServer(server, pair);
    server.on("request", (request, response) => {
      made.asked.push(`${request.method} ${request.url}`);
      made.answer(request, response);
    });
    await made.listen(0);
    return made;
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  public get uri(): string {
    return `https://localhost:${this.port}/jwks`;
  }

  /** Answers with a document. */
  public serve(document: unknown, headers: Record<string, string> = {}): void {
    this.answer = (_request, response) =>
      response
        .writeHead(200, { "content-type": "application/json", ...headers })
        .end(typeof document === "string" ? document : JSON.stringify(document));
  }

  public listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "127.0.0.1", () => resolve());
    });
  }

  public stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}
