import { NAME, type Check, type Fields } from "../validation";
import { checkCertificateIdentity } from "./certificate-identity";
import type { ClientConfig, ClientIdentity } from "./config";
import type { ClientPolicy } from "./document";
import { AT_ONCE, number } from "./numbers";
import { checkReference } from "./reference";

const FIELDS = {
  identity: true,
  tools: true,
  methods: true,
  callsPerMinute: true,
  callsAtOncePerTask: true,
} satisfies Fields<ClientConfig>;
const CALLS = { min: 1, max: 100_000, unit: "calls a minute" } as const;
const CLAIM = {
  pattern: /^[A-Za-z0-9_:./-]+$/,
  form: "the name of a claim, as client_id",
  max: 128,
} as const;

/** What clients are judged by. */
export interface ClientFacts {
  /** Names of the tools that exist. */
  readonly tools: readonly string[];
  /** Names of the methods that are opened. */
  readonly methods: readonly string[];
  /** Whether an issuer of tokens is configured. */
  readonly tokens: boolean;
  /** Whether the load balancer verifies client certificates. */
  readonly certificates: boolean;
}

/** Checks who may call. */
export function checkClients(
  clients: Readonly<Record<string, ClientConfig>>,
  check: Check,
  facts: ClientFacts,
): Record<string, ClientPolicy> {
  const entries = check.present(clients) ? check.entries(clients, NAME) : [];
  if (entries.length === 0 && Object.keys(clients ?? {}).length === 0) {
    check.problem(
      "too-few",
      "has no entry, expected at least one client",
      "name who may call: nobody is let in anonymously",
    );
  }
  const identities = new Map<string, string>();
  const usable: [string, ClientPolicy][] = [];
  for (const [name, client, at] of entries) {
    if (!at.object(client, FIELDS)) continue;
    const identity = checkIdentity(name, client.identity, at.at("identity"), identities, facts);
    const tools = checkNames(
      at.at("tools").list(client.tools, { min: 1, fix: "name the tools it may call" }),
      facts.tools,
      "tools",
    );
    const methods = checkNames(at.at("methods").list(client.methods ?? []), facts.methods, "methods");
    const { callsPerMinute = 600, callsAtOncePerTask: atOnce } = client;
    const limit =
      at.at("callsPerMinute").integer(callsPerMinute, CALLS) &&
      at.at("callsPerMinute").literal(callsPerMinute);
    if (identity) {
      const listed = { tools, ...(methods.length > 0 && { methods }) };
      const room = atOnce !== undefined && {
        callsAtOncePerTask: number(atOnce, at.at("callsAtOncePerTask"), AT_ONCE),
      };
      usable.push([name, { identity, ...listed, callsPerMinute: limit ? callsPerMinute : 600, ...room }]);
    }
  }
  return Object.fromEntries(usable);
}

function checkIdentity(
  name: string,
  identity: ClientIdentity,
  check: Check,
  identities: Map<string, string>,
  facts: ClientFacts,
): ClientPolicy["identity"] | undefined {
  if (!check.present(identity) || !check.at("kind").oneOf(identity.kind, ["apiKey", "jwt", "mtls"]))
    return undefined;
  switch (identity.kind) {
    case "apiKey":
      // The secret behind the key, how often it changes and who reads it, is checked by lib/secrets.
      check.object(identity, { kind: true, rotateDays: true, readers: true });
      return { kind: "apiKey" };
    case "jwt":
      return checkJwtIdentity(name, identity, check, identities, facts);
    case "mtls":
      if (!facts.certificates)
        check
          .at("kind")
          .problem(
            "unknown-reference",
            "is a certificate, and the load balancer asks for none",
            "set ingress.clientCertificates of the platform, which asks every client of every server for one",
          );
      return checkCertificateIdentity(name, identity, check, identities);
  }
}

function checkJwtIdentity(
  name: string,
  identity: Extract<ClientIdentity, { kind: "jwt" }>,
  check: Check,
  identities: Map<string, string>,
  facts: ClientFacts,
): ClientPolicy["identity"] | undefined {
  check.object(identity, { kind: true, claim: true, equals: true });
  if (!facts.tokens) {
    check.problem("unknown-reference", "is proven by a token, and no issuer is named", "set auth.jwt");
  }
  const claim = check.at("claim").literal(identity.claim) && check.at("claim").text(identity.claim, CLAIM);
  const equals = check.at("equals").text(identity.equals, { min: 1, max: 256 });
  if (!claim || !equals) return undefined;
  const key = `${identity.claim}\n${identity.equals}`;
  const other = identities.get(key);
  if (other !== undefined) {
    check.problem(
      "duplicate",
      `is the same claim and value as that of ${other}`,
      "a token must say which client it is: tell them apart or merge them",
    );
    return undefined;
  }
  identities.set(key, name);
  return { kind: "jwt", claim: identity.claim, equals: identity.equals };
}

/** Names that are declared elsewhere in the server's configuration, in `where`. */
function checkNames(
  names: readonly (readonly [string, Check])[],
  known: readonly string[],
  where: string,
): string[] {
  const seen = new Set<string>();
  for (const [name, at] of names) {
    if (!checkReference(name, at, known, where)) continue;
    if (seen.has(name)) at.problem("duplicate", `is ${at.show(name)} again`, "remove it");
    seen.add(name);
  }
  return [...seen].sort();
}
