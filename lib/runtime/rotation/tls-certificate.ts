import { createPrivateKey, X509Certificate } from "node:crypto";
import { selfSigned, type CertificateAndKey, type CertificateRequest } from "./certificate";
import type { Kind } from "./kind";

/**
 * The gateway's key pair towards the load balancer, which encrypts to a target and trusts its network for who it is:
 * hence self-signed, and no generations. A task serves the pair that it started with.
 */
export function tlsCertificate(request: CertificateRequest): Kind<CertificateAndKey> {
  const make = (): CertificateAndKey => selfSigned(request);
  return { first: make, next: make, fresh: make, fault };
}

function fault({ certificate, key }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof certificate !== "string" || typeof key !== "string")
    return "expected the texts certificate and key";
  try {
    const parsed = new X509Certificate(certificate);
    if (!parsed.checkPrivateKey(createPrivateKey(key))) return "the key is not the certificate's";
    return new Date(parsed.validTo).getTime() < Date.now() ? "the certificate has expired" : undefined;
  } catch {
    // What the parsers say may quote the key.
    return "certificate or key is not PEM";
  }
}
