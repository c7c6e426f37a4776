import type { TlsPolicyName } from "./config";

/**
 * AWS's TLS policies by our names. `strict…` takes TLS 1.3 alone; `reach…` also 1.2, with forward secrecy and AEAD
 * ciphers. Without `classic`, key exchange is hybrid post-quantum where the client knows it. Without any policy AWS
 * falls back to one of 2016 that accepts TLS 1.0.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
export const TLS_POLICIES: Readonly<Record<TlsPolicyName, string>> = {
  strict: "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
  reach: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  "strict-classic": "ELBSecurityPolicy-TLS13-1-3-2021-06",
  "reach-classic": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "strict-fips": "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
  "reach-fips": "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
};
