import { request } from "node:https";

/** Bounds of one answer. */
export interface FetchLimits {
  /** From the first packet to the last. @default 10000 */
  readonly milliseconds?: number;
  /** @default 131072 */
  readonly bytes?: number;
  /** Authorities to trust instead of the public ones, in tests. */
  readonly ca?: string;
}

/**
 * Reads a document over https. The certificate must be valid for the host; redirects are not followed, because whoever
 * is redirected to would speak for the issuer; neither compression nor a proxy is used.
 * @throws Error that says what was wrong and quotes nothing of the answer
 */
export async function fetchText(uri: string, limits: FetchLimits = {}): Promise<string> {
  const { milliseconds = 10_000, bytes = 131_072, ca } = limits;
  if (!uri.startsWith("https:")) throw new Error("the issuer's keys can only be read over https");
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      outgoing.destroy();
      reject(new Error(`the issuer's keys cannot be read: ${why}`));
    };
    const timer = setTimeout(
      () => fail(`no whole answer within ${milliseconds / 1000} seconds`),
      milliseconds,
    );
    const outgoing = request(
      uri,
      {
        agent: false,
        rejectUnauthorized: true,
        minVersion: "TLSv1.2",
        headers: { accept: "application/jwk-set+json, application/json", "accept-encoding": "identity" },
        ...(ca === undefined ? {} : { ca }),
      },
      (answer) => {
        const { statusCode: status = 0 } = answer;
        if (status >= 300 && status < 400)
          return fail(`it redirects (status ${status}): give the last address`);
        if (status !== 200) return fail(`status ${status}`);
        if ((answer.headers["content-encoding"] ?? "identity") !== "identity")
          return fail("it is compressed");
        const parts: Buffer[] = [];
        let size = 0;
        answer.on("data", (part: Buffer) => {
          size += part.length;
          if (size > bytes) fail(`more than ${bytes} bytes`);
          else parts.push(part);
        });
        answer.on("end", () => resolve(Buffer.concat(parts).toString("utf8")));
        answer.on("error", () => fail("the answer was cut off"));
        return undefined;
      },
    );
    outgoing.on("close", () => clearTimeout(timer));
    // A code such as CERT_HAS_EXPIRED; messages may name addresses and certificates at length.
    outgoing.on("error", (error: NodeJS.ErrnoException) => fail(error.code ?? error.name));
    outgoing.end();
  });
}
