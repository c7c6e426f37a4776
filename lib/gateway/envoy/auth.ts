import { GATEWAY, KEY_PREFIX } from "../contract";
import { keySource } from "./keys";
import { lua } from "./lua";
import { FILTERS, filter, type Json, type Parts } from "./types";

/** Longest difference of clocks that a token may be early or late by. */
const SKEW_SECONDS = 30;

/**
 * Verifies signature, issuer, audience and time of a token. It only leaves what it found: `auth` behind it, which also
 * knows keys, decides and answers, so that every 401 has one origin. The token stays in place until then, for `auth`
 * counts credentials before it removes them.
 */
export function jwt({ policy }: Parts): Json[] {
  if (policy.issuers.length === 0) return [];
  const providers = policy.issuers.map((one): [string, Json] => [
    "issuer",
    {
      issuer: one.issuer,
      audiences: [one.audience],
      require_expiration: true,
      clock_skew_seconds: SKEW_SECONDS,
      // Named, so that a token in the query string is not taken.
      from_headers: [{ name: "authorization", value_prefix: "Bearer " }],
      forward: true,
      // What was verified once is remembered past a change of keys: a token of a withdrawn one would be taken until it
      // ends. So only where keys stand in the file, which never change under a running gateway.
      ...(one.mirror === undefined && { jwt_cache_config: { jwt_cache_size: 1000 } }),
      // What tells that a token was verified. Envoy takes such a header away before it verifies, and `listener` before that.
      forward_payload_header: GATEWAY.claimsHeader,
      failed_status_in_metadata: "failed",
      ...keySource(one),
    },
  ]);
  return [
    filter(FILTERS.jwt, "jwt_authn.v3.JwtAuthentication", {
      providers: Object.fromEntries(providers),
      rules: [
        ...keysPass(policy),
        {
          match: { path: policy.path },
          requires: {
            requires_any: { requirements: [{ provider_name: "issuer" }, { allow_missing_or_failed: {} }] },
          },
        },
      ],
    }),
  ];
}

/**
 * Keys are no tokens: nothing is looked for in them, which costs a twentieth of a call. `auth` takes whatever begins so for a
 * key, by the same prefix, and nothing that was not verified for a token.
 */
function keysPass(policy: Parts["policy"]): Json[] {
  const any = Object.values(policy.clients).some(({ identity }) => identity.kind === "apiKey");
  const key = { name: "authorization", string_match: { prefix: `Bearer ${KEY_PREFIX}` } };
  return any ? [{ match: { path: policy.path, headers: [key] } }] : [];
}

/** Decides who calls: see `runtime/gateway/auth.lua`. */
export function auth({ policy }: Parts): Json {
  return lua(FILTERS.auth, "auth", policy);
}
