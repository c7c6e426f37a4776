import { resolveKeyMirror, type KeyMirrorModel } from "../key-mirror/model";
import type { Check, Fields } from "../validation";
import type { AuthConfig, JwkSet, JwtConfig, JwtKeysConfig } from "./config";
import type { IssuerPolicy } from "./document";

/** Members of a JWK that hold private or symmetric material. */
const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
const MIN_RSA_BITS = 2048;
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
    .integer(maxLifetimeMinutes, { min: 1, max: 60, unit: "minutes", fix });
  const keys = checkKeys(jwt.keys, check.at("keys"));
  if (keys === undefined) return [];
  return [
    {
      issuer: jwt.issuer,
      audience: jwt.audience ?? resource,
      ...keys,
      algorithms: ["RS256"],
      maxLifetimeSeconds: (life ? maxLifetimeMinutes : 60) * 60,
    },
  ];
}

/** Where the keys come from, as the policy says it. */
type Keys = { readonly jwks: JwkSet } | { readonly mirror: KeyMirrorModel };

function checkKeys(keys: JwtKeysConfig, check: Check): Keys | undefined {
  if (!check.present(keys) || !check.at("kind").oneOf(keys.kind, ["inline", "mirrored", "fetched"]))
    return undefined;
  switch (keys.kind) {
    case "inline": {
      check.object(keys, { kind: true, jwks: true });
      const jwks = checkJwks(keys.jwks, check.at("jwks"));
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

function checkJwks(jwks: JwkSet, check: Check): JwkSet | undefined {
  if (!check.literal(jwks) || !check.object(jwks, { keys: true })) return undefined;
  const ids = new Set<string>();
  for (const [key, at] of check.at("keys").list((jwks as JwkSet).keys, { min: 1, max: 20 })) {
    checkKey(key, at.secret(), ids);
  }
  return jwks;
}

/** Nothing of a key is ever repeated in a message: somebody may have pasted the private half. */
function checkKey(key: Readonly<Record<string, unknown>>, check: Check, ids: Set<string>): void {
  if (typeof key !== "object" || key === null) {
    check.problem(
      "wrong-type",
      "is not an object, expected a JWK",
      "copy the key from the issuer's jwks_uri",
    );
    return;
  }
  const secret = PRIVATE.filter((member) => Object.hasOwn(key, member));
  if (secret.length > 0) {
    check.problem(
      "unsafe",
      `has the private member${secret.length > 1 ? "s" : ""} ${secret.join(", ")}`,
      "treat the key as leaked: replace it at the issuer, and paste only the public half",
    );
    return;
  }
  if (key.kty !== "RSA" || (key.alg !== undefined && key.alg !== "RS256")) {
    check.problem("unsafe", "is not an RSA key for RS256", "give the RS256 keys of the issuer only");
    return;
  }
  if (key.use !== undefined && key.use !== "sig") {
    check.at("use").problem("unsafe", "is not for signatures", "give the signing keys of the issuer only");
  }
  if (typeof key.kid !== "string" || key.kid === "") {
    check.at("kid").problem("required", "is missing", "give the key's id, so that keys can be rotated");
  } else if (ids.has(key.kid)) {
    check.at("kid").problem("duplicate", "is that of another key, too", "each key needs an id of its own");
  } else ids.add(key.kid);
  const bits = bitLength(key.n);
  if (bits < MIN_RSA_BITS) {
    check
      .at("n")
      .problem("unsafe", `has ${bits} bits, expected at least ${MIN_RSA_BITS}`, "use a longer RSA key");
  }
  if (bitLength(key.e) < 17) {
    check
      .at("e")
      .problem("unsafe", "is missing or smaller than 65537", "use the public exponent 65537 (AQAB)");
  }
}

function bitLength(base64url: unknown): number {
  if (typeof base64url !== "string" || !/^[A-Za-z0-9_-]+$/.test(base64url)) return 0;
  const hex = Buffer.from(base64url, "base64url").toString("hex").replace(/^0+/, "");
  return hex === "" ? 0 : (hex.length - 1) * 4 + parseInt(hex[0] as string, 16).toString(2).length;
}
