import type { Check, Fields } from "../validation";
import type { ClientCertificatesConfig, StoredFile, TrustStoreConfig } from "./config";

/** Whose certificates the listener takes. */
export type TrustModel =
  | { readonly kind: "existing"; readonly arn: string }
  | { readonly kind: "new"; readonly bundle: StoredFile; readonly revocations: readonly StoredFile[] };

const FIELDS = { requiredOf: true, trust: true } satisfies Fields<ClientCertificatesConfig>;
const FILE = { bucket: true, key: true, version: true } satisfies Fields<StoredFile>;
const MOST_LISTS = 30;
const ARN = {
  pattern: /^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:truststore\/[A-Za-z0-9-]+\/[0-9a-f]+$/,
  form: "the ARN of a trust store, arn:aws:elasticloadbalancing:REGION:ACCOUNT:truststore/NAME/ID",
} as const;

/** Checks what is asked of clients in the TLS handshake. */
export function resolveCertificates(
  config: ClientCertificatesConfig | undefined,
  check: Check,
): TrustModel | undefined {
  if (config === undefined || !check.object(config, FIELDS)) return undefined;
  const { requiredOf, trust } = config as ClientCertificatesConfig;
  check
    .at("requiredOf")
    .oneOf(
      requiredOf,
      ["every-client-of-every-server"],
      "one listener serves every server: say that every client has a certificate, or make another platform",
    );
  return resolveTrust(trust, check.at("trust"));
}

function resolveTrust(trust: TrustStoreConfig, check: Check): TrustModel | undefined {
  if (!check.present(trust) || !check.at("kind").oneOf(trust.kind, ["existing", "new"])) return undefined;
  if (trust.kind === "existing") {
    check.object(trust, { kind: true, arn: true });
    return check.at("arn").text(trust.arn, ARN) ? { kind: "existing", arn: trust.arn } : undefined;
  }
  check.object(trust, { kind: true, bundle: true, revocations: true });
  const { bundle, revocations = [] } = trust;
  const known = [checkFile(bundle, check.at("bundle"))];
  const seen = new Set<string>();
  for (const [file, at] of check.at("revocations").list(revocations, { max: MOST_LISTS })) {
    known.push(checkFile(file, at));
    const id = `${file?.bucket}/${file?.key}`;
    if (seen.has(id)) at.problem("duplicate", "is the file of another list", "name each list once");
    seen.add(id);
  }
  return known.includes(false) ? undefined : { kind: "new", bundle, revocations };
}

function checkFile(file: StoredFile, check: Check): boolean {
  if (!check.object(file, FILE)) return false;
  return [
    check.at("bucket").text(file.bucket, {
      pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      form: "the name of a bucket",
    }),
    // Names a resource: a token cannot stand here.
    check.at("key").literal(file.key) && check.at("key").text(file.key, { min: 1, max: 512 }),
    check.at("version").text(file.version, {
      min: 1,
      max: 1024,
      fix: "turn versioning on for the bucket, and name the version that was reviewed",
    }),
  ].every(Boolean);
}
