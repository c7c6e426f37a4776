import { blockAt } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { recordControls } from "./record-controls";

const CERTIFICATE = "aws_acm_certificate";

const validatedByDns: Control = {
  id: "edge.certificate-validated-by-dns",
  item: 1,
  says: "A certificate of ours is issued by AWS and validated by DNS",
  why: "Only those renew by themselves; a mail that nobody answers, or an imported file, ends in an outage.",
  on: [CERTIFICATE],
  judge: ({ body }) => {
    if (body.private_key !== undefined) return fails("it is imported, so its private key is in the state");
    return body.validation_method === "DNS"
      ? HOLDS
      : fails(`it is validated by ${String(body.validation_method ?? "nothing")}`);
  },
  maps: { fsbp: ["ACM.1"] },
};

const transparent: Control = {
  id: "edge.certificate-transparent",
  item: 1,
  says: "A certificate of ours is in the public logs",
  why: "Browsers refuse others, and a certificate that somebody else obtains for the name would go unseen.",
  on: [CERTIFICATE],
  judge: ({ body }) =>
    blockAt(body, "options").certificate_transparency_logging_preference === "ENABLED"
      ? HOLDS
      : fails("logging to certificate transparency is not on"),
  maps: { checkov: ["CKV_AWS_234"] },
};

const replacedSafely: Control = {
  id: "edge.certificate-replaced-safely",
  item: 1,
  says: "A new certificate of ours stands before the old one goes",
  why: "A listener needs one at every moment: otherwise the change fails half way.",
  on: [CERTIFICATE],
  judge: ({ body }) =>
    blockAt(body, "lifecycle").create_before_destroy === true
      ? HOLDS
      : fails("it is destroyed before the new one is made"),
  maps: { checkov: ["CKV_AWS_233"] },
};

const usedWhenValid: Control = {
  id: "edge.certificate-used-when-valid",
  item: 1,
  says: "A listener waits until its certificate is valid",
  why: "AWS refuses a certificate that is pending.",
  on: ["aws_lb_listener", "aws_lb_listener_certificate"],
  judge: ({ body }, plan) => {
    if (body.certificate_arn === undefined) return fails("it has no certificate");
    const target = plan.target(body.certificate_arn);
    if (target?.type === CERTIFICATE) return fails("it names the certificate and not its validation");
    return target?.type === "aws_acm_certificate_validation"
      ? HOLDS
      : unknown("the certificate is not made in this stack: whether it is valid and renews is known at AWS");
  },
};

const unproxied: Control = {
  id: "edge.name-not-proxied",
  item: 12,
  says: "The host name points to the load balancer itself, not to a proxy of the DNS provider",
  why: "A proxy would end TLS, read every call, and be the only address that the firewall sees.",
  on: ["cloudflare_dns_record"],
  judge: ({ body }) => (body.proxied === false ? HOLDS : fails("the record is proxied, or does not say")),
};

/** What must hold of the public name in the final file. */
export const edgeControls: readonly Control[] = [
  validatedByDns,
  transparent,
  replacedSafely,
  usedWhenValid,
  unproxied,
  ...recordControls,
];
