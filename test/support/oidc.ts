import { spawn } from "node:child_process";
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { freePort } from "./envoy";

/** A real authorization server, `oidc-provider`, in a process of its own. */
export interface OidcServer {
  readonly issuer: string;
  /** A token that the server did not give, signed with its key, or with another one. */
  forged(claims: Readonly<Record<string, unknown>>, key?: "its own" | "another"): string;
  stop(): Promise<void>;
}

const READY_MS = 15_000;

/** Starts it. @throws Error with its words where it does not start */
export async function startOidcServer(): Promise<OidcServer> {
  const [own, another] = [1, 2].map(() => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey) as [
    KeyObject,
    KeyObject,
  ];
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const jwk = { ...own.export({ format: "jwk" }), kid: "one", use: "sig", alg: "RS256" };
  const child = spawn(process.execPath, [join(__dirname, "oidc-server.mjs")], {
    env: { PORT: String(port), JWK: JSON.stringify(jwk) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk) => String(chunk).includes("authorization server on") && resolve());
    child.once("exit", () => reject(new Error(`the authorization server has ended:\n${said}`)));
    setTimeout(() => reject(new Error(`the authorization server is not ready:\n${said}`)), READY_MS).unref();
  });
  await ready;
  return {
    issuer,
    forged: (claims, key = "its own") => {
      const now = Math.floor(Date.now() / 1000);
      const text = [
        { alg: "RS256", typ: "at+jwt", kid: "one" },
        { iss: issuer, iat: now, exp: now + 600, sub: "user-1", client_id: "support-app", ...claims },
      ]
        .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
        .join(".");
      const signature = sign("sha256", Buffer.from(text), key === "its own" ? own : another);
      return `${text}.${signature.toString("base64url")}`;
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

/** A browser that follows redirects, keeps cookies, and stops where the client waits: the query that it arrives with. */
export async function browse(from: URL, until: string): Promise<URLSearchParams> {
  const cookies = new Map<string, string>();
  let at = from;
  for (let hops = 0; hops < 12; hops++) {
    const answer = await fetch(at, {
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    if (location === null) throw new Error(`${at.pathname}: ${answer.status} ${await answer.text()}`);
    at = new URL(location, at);
    if (at.href.startsWith(until)) return at.searchParams;
  }
  throw new Error("the login goes round in circles");
}
