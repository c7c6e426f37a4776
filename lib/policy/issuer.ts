import { resolveKeyMirror, type KeyMirrorModel } from "../key-mirror/model";
import type { Check, Fields } from "../validation";
import type { AuthConfig, JwkSet, JwtConfig, JwtKeysConfig, TokenAlgorithm } from "./config";
import type { IssuerPolicy } from "./document";
import { checkKey } from "./issuer-key";

const ALGORITHMS: readonly TokenAlgorithm[] = ["RS256", "PS256", "ES256"];
const HTTPS = {
  pattern: /^https:\/\/[^\s/?#"\\]+(\/[^\s?#"\\]*)?$/,
  form: "an https URL",
  max: 256,
} as const;

/** Checks how tokens are verified; nothing when API keys are the only way in. */
export function checkAuth(config: AuthConfig | undefined, resource: string, check: Check): IssuerPolicy[] {
  if (config === undefined || !check.object(config, { jwt: true } satisfies Fields<AuthConfig>)) return [];
  const { jwt } = config as AuthConfig;
  return jwt === undefined ? [] : checkJwt(jwt, resource, check.at("jwt"));
}

function checkJwt(jwt: JwtConfig, resource: string, check: Check): IssuerPolicy[] {
  const fields = {
    issuer: true,
    keys: true,
    audience: true,
    algorithms: true,
    maxLifetimeMinutes: true,
  } satisfies Fields<JwtConfig>;
  if (!check.object(jwt, fields)) return [];
  check.at("issuer").text(jwt.issuer, { ...HTTPS, fix: "copy the iss claim of a token, exactly" });
  if (jwt.audience !== undefined) {
    check
      .at("audience")
      .text(jwt.audience, { min: 1, max: 256, pattern: /^[!-~]+$/, form: "printable, no blanks" });
  }
  const { maxLifetimeMinutes = 60 } = jwt;
  const fix = "let the authorization server issue short tokens and refresh them";
  const life = check
    .at("maxLifetimeMinutes")
    .integer(maxLifetimeMinutes, { min: 1, max: 60, unit: "minutes", fix, known: true });
  const algorithms = checkAlgorithms(jwt.algorithms, check.at("algorithms"));
  const keys = checkKeys(jwt.keys, check.at("keys"), algorithms);
  if (keys === undefined) return [];
  return [
    {
      issuer: jwt.issuer,
      audience: jwt.audience ?? resource,
      ...keys,
      algorithms,
      maxLifetimeSeconds: (life ? maxLifetimeMinutes : 60) * 60,
    },
  ];
}

/** Where the keys come from, as the policy says it. */
type Keys = { readonly jwks: JwkSet } | { readonly mirror: KeyMirrorModel };

/** Each once, in our order, so that the order in which they were written changes nothing. */
function checkAlgorithms(
  given: readonly TokenAlgorithm[] | undefined,
  check: Check,
): readonly TokenAlgorithm[] {
  if (given === undefined) return ["RS256"];
  if (!check.literal(given)) return ["RS256"];
  const seen = new Set<TokenAlgorithm>();
  for (const [algorithm, at] of check.list(given, { min: 1, max: ALGORITHMS.length })) {
    const fix = "sign with RSA or P-256 keys: the gateway knows public keys only";
    if (!at.oneOf(algorithm, ALGORITHMS, fix)) continue;
    if (seen.has(algorithm)) at.problem("duplicate", `is ${at.show(algorithm)} again`, "remove it");
    seen.add(algorithm);
  }
  return seen.size === 0 ? ["RS256"] : ALGORITHMS.filter((algorithm) => seen.has(algorithm));
}

function checkKeys(
  keys: JwtKeysConfig,
  check: Check,
  algorithms: readonly TokenAlgorithm[],
): Keys | undefined {
  if (!check.present(keys) || !check.at("kind").oneOf(keys.kind, ["inline", "mirrored", "fetched"]))
    return undefined;
  switch (keys.kind) {
    case "inline": {
      check.object(keys, { kind: true, jwks: true });
      const jwks = checkJwks(keys.jwks, check.at("jwks"), algorithms);
      return jwks && { jwks };
    }
    case "mirrored": {
      const mirror = resolveKeyMirror(keys, check);
      return mirror && { mirror };
    }
    case "fetched":
      check.object(keys, { kind: true, uri: true });
      check
        .at("kind")
        .notSupportedYet(
          "keys fetched by the gateway, which has no way to the internet",
          'use { kind: "mirrored", uri }',
        );
      return { jwks: { keys: [] } };
  }
}

/** Whether every part of a key is known at synth: one that is not could be a key of any kind and strength. */
function wholly(key: unknown, check: Check): boolean {
  if (typeof key !== "object" || key === null) return true;
  return Object.entries(key)
    .map(([name, value]) => value === undefined || check.at(name).literal(value))
    .every((known) => known);
}

function checkJwks(jwks: JwkSet, check: Check, algorithms: readonly TokenAlgorithm[]): JwkSet | undefined {
  if (!check.literal(jwks) || !check.object(jwks, { keys: true })) return undefined;
  const ids = new Set<string>();
  const usable = new Set<TokenAlgorithm>();
  const entries = check.at("keys").list((jwks as JwkSet).keys, { min: 1, max: 20 });
  const before = check.problems.length;
  for (const [key, at] of entries)
    if (wholly(key, at.secret()))
      for (const algorithm of checkKey(key, at.secret(), ids, algorithms)) usable.add(algorithm);
  const idle = algorithms.find((algorithm) => !usable.has(algorithm));
  if (entries.length > 0 && check.problems.length === before && idle !== undefined)
    check.problem(
      "unknown-reference",
      `has no key for ${idle}, which the issuer is said to sign with`,
      "add the key, or take the algorithm out",
    );
  return jwks;
}
