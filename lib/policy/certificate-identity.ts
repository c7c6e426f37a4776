import type { Check, Fields } from "../validation";
import type { ClientIdentity } from "./config";
import type { ClientPolicy } from "./document";

type CertificateConfig = Extract<ClientIdentity, { kind: "mtls" }>;
type CertificatePolicy = Extract<ClientPolicy["identity"], { kind: "mtls" }>;

// What RFC 2253 writes without an escape, and without dispute: a name with a comma, a plus, quotes or an accent may be
// written in several ways, and a certificate made for it could read like another client's.
const VALUE = "[A-Za-z0-9._@:/()'*-](?:[A-Za-z0-9._@:/()'* -]*[A-Za-z0-9._@:/()'*-])?";
const NAME = new RegExp(`^[A-Za-z][A-Za-z0-9.]{0,31}=${VALUE}(?:,[A-Za-z][A-Za-z0-9.]{0,31}=${VALUE})*$`);
const DISTINGUISHED = {
  pattern: NAME,
  form: "a name as the load balancer writes it, CN=ci-bot,O=acme: no blanks around commas, nothing that needs an escape",
  max: 512,
  fix: "copy the header x-amzn-mtls-clientcert-subject or -issuer of a call, or issue certificates with a plain name",
} as const;
const SERIAL = {
  pattern: /^(?:[0-9A-F]{2}){1,20}$/,
  form: "the serial number in capital hexadecimal digits, as 03A5B1",
  max: 40,
} as const;
const FIELDS = { kind: true, subject: true, issuer: true, serial: true } satisfies Fields<CertificateConfig>;

/** Checks a client that is known by its certificate. `taken` holds the subjects of other clients. */
export function checkCertificateIdentity(
  name: string,
  identity: CertificateConfig,
  check: Check,
  taken: Map<string, string>,
): CertificatePolicy | undefined {
  if (!check.object(identity, FIELDS)) return undefined;
  const { subject, issuer, serial } = identity as CertificateConfig;
  const literal = (
    field: "subject" | "issuer" | "serial",
    value: string,
    rule: typeof DISTINGUISHED | typeof SERIAL,
  ) => check.at(field).literal(value) && check.at(field).text(value, rule);
  const known = [
    literal("subject", subject, DISTINGUISHED),
    issuer === undefined || literal("issuer", issuer, DISTINGUISHED),
    serial === undefined || literal("serial", serial, SERIAL),
  ];
  if (known.includes(false)) return undefined;
  const other = taken.get(subject);
  if (other !== undefined) {
    check
      .at("subject")
      .problem("duplicate", `is the subject of ${other}, too`, "a certificate must say which client it is");
    return undefined;
  }
  taken.set(subject, name);
  return {
    kind: "mtls",
    subject,
    ...(issuer !== undefined && { issuer }),
    ...(serial !== undefined && { serial }),
  };
}
