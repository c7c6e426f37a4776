import { readKeys, type KeyAlgorithm, type PublishedKey } from "../../runtime/mirror/keys";
import { CliError } from "../io";
import { fields, list, text, type Fields } from "./json";

/** An authorization server that runs already, as its own documents say. */
export interface RunningIssuer {
  /** As its documents and its tokens spell it. */
  readonly issuer: string;
  /** Its public keys now, each built anew from its public parts. */
  readonly jwks: { readonly keys: readonly PublishedKey[] };
  /** Whether it says that it takes PKCE with S256, without which official clients do not log in. */
  readonly pkce: boolean;
}

const MILLISECONDS = 10_000;
const BYTES = 131_072;

/**
 * Reads who an issuer is and its keys, by RFC 8414 or OpenID Connect discovery: over https, or from this machine. No redirect
 * is followed, for whoever is redirected to would speak for the issuer.
 * @param url `https://…`, or `http://` with 127.0.0.1 or localhost
 * @throws CliError in one line
 */
export async function readIssuer(url: string, algorithms: readonly KeyAlgorithm[]): Promise<RunningIssuer> {
  const at = allowed(url);
  if (at === undefined || at.search !== "" || at.hash !== "" || at.username !== "" || at.password !== "") {
    throw new CliError(
      `--issuer is ${JSON.stringify(url)}, expected https://… or http://127.0.0.1:PORT, without query, fragment or password`,
    );
  }
  const path = at.pathname.replace(/\/$/, "");
  const places = [
    `${at.origin}/.well-known/oauth-authorization-server${path}`,
    `${at.origin}${path}/.well-known/openid-configuration`,
  ];
  const metadata = await discovered(places);
  const issuer = text(metadata.issuer);
  // RFC 8414 §3.3: else somebody else's document would be taken for this issuer's.
  if (issuer.replace(/\/$/, "") !== url.replace(/\/$/, "")) {
    throw new CliError(
      `the issuer at ${url} calls itself ${JSON.stringify(issuer)}: give that with --issuer`,
    );
  }
  const keys = text(metadata.jwks_uri);
  if (allowed(keys) === undefined) {
    throw new CliError(`the issuer ${issuer} names no keys over https or on this machine (jwks_uri)`);
  }
  try {
    return {
      issuer,
      jwks: { keys: readKeys(await read(keys), algorithms) },
      pkce: list(metadata.code_challenge_methods_supported ?? []).includes("S256"),
    };
  } catch (error) {
    throw new CliError(`the keys of ${issuer} cannot be used: ${(error as Error).message}`);
  }
}

/** A URL that nobody in between can answer for. */
function allowed(url: string): URL | undefined {
  if (!URL.canParse(url)) return undefined;
  const at = new URL(url);
  const here = at.protocol === "http:" && ["127.0.0.1", "localhost"].includes(at.hostname);
  return at.protocol === "https:" || here ? at : undefined;
}

async function discovered(places: readonly string[]): Promise<Fields> {
  const problems: string[] = [];
  for (const place of places) {
    try {
      return fields(JSON.parse(await read(place)));
    } catch (error) {
      problems.push(`${place}: ${error instanceof SyntaxError ? "not JSON" : (error as Error).message}`);
    }
  }
  throw new CliError(`the issuer does not say who it is: ${problems.join("; ")}`);
}

/** A document. @throws Error that says what was wrong and quotes nothing of it */
async function read(uri: string): Promise<string> {
  const answer = await fetch(uri, {
    redirect: "manual",
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(MILLISECONDS),
  }).catch((error: Error & { cause?: { code?: string } }) => {
    throw new Error(error.cause?.code ?? error.name);
  });
  if (answer.status !== 200 || answer.body === null) {
    await answer.body?.cancel();
    throw new Error(`status ${answer.status}`);
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > BYTES) throw new Error(`more than ${BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
