import { createHash } from "node:crypto";
import type { Made, Seen } from "./exact";
import { refusal, type Json } from "./messages";
import { BASE } from "./policies";

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
export const [KEY, OLD, OTHER] = ["hmk_one", "hmk_before", "hmk_other"] as const;

export const LONGEST = "k".repeat(256);

export const POLICY = {
  ...BASE,
  metadata: "https://mcp.example.com/meta",
  scopes: "s t",
  algorithms: ["RS256", "ES256"],
  lifetime: 3600,
  clients: {
    "ci-bot": { by: "key", limit: "60", tools: [] },
    other: { by: "key", limit: "61", tools: [] },
    app: { by: "jwt", claim: "client_id", is: "app", limit: "62", tools: [] },
    azp: { by: "jwt", claim: "azp", is: "azp", limit: "63", tools: [] },
    second: { by: "jwt", claim: "client_id", is: "second", limit: "64", tools: [] },
  },
  tools: {},
};
export const ENV = {
  HMCP_KEYS_CI_BOT: `${sha256(OLD)} ${sha256(KEY).toUpperCase()}`,
  HMCP_KEYS_OTHER: `${sha256(OTHER)} ${sha256(LONGEST)} ${sha256(`${LONGEST}k`)} ${sha256(OTHER)}`,
};
export type Texts = Readonly<Record<string, string>>;
export type Sent = readonly (readonly [string, string])[];
export const see = (headers: Sent, failed?: unknown): Seen => ({
  run: "auth",
  headers: [[":method", "POST"], ...headers],
  metadata: failed === undefined ? {} : { "envoy.filters.http.jwt_authn": { failed } },
});
const CHALLENGE = 'resource_metadata="https://mcp.example.com/meta", scope="s t"';
export const missing = refusal({
  ...{ status: 401, code: -31401, message: "credential missing", reason: "credential-missing", id: null },
  ...{ plain: true, challenge: `Bearer ${CHALLENGE}` },
});
export const invalid = (detail: string) =>
  refusal({
    ...{ status: 401, code: -31401, message: "invalid credential", reason: "credential-invalid", detail },
    ...{ id: null, plain: true, challenge: `Bearer error="invalid_token", ${CHALLENGE}` },
  });

export const AS_SENT = { trace: null, verb: "POST" };
/** Who is proven. Of what was sent only what tells of a certificate is taken away here. */
export const known = (
  headers: Sent,
  caller: { client: string; proof: string } & Json,
  limit: string,
): Made => ({
  headers: {
    ...Object.fromEntries(
      headers.flatMap(([name]) => (name.startsWith("x-amzn-mtls-") ? [[name, null]] : [])),
    ),
    "x-mcp-client": `${caller.proof}:${caller.client}`,
  },
  metadata: { hmcp: { limit } },
  told: { ...AS_SENT, call: { caller } },
});
export const bearer = (text: string): Sent => [["authorization", `Bearer ${text}`]];
