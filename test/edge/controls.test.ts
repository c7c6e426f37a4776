import { edgeControls as all } from "../../lib/edge/controls";
import { recordControls } from "../../lib/edge/record-controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { CLOUDFLARE, edgePlan, EXISTING } from "./fixture";
import { failWhenBroken, holdAsBuilt } from "../support/control-tests";

const plan = edgePlan(CLOUDFLARE);
const certificate = "aws_acm_certificate";
/** Those of records are asked of ours alone: see record-controls.test.ts. */
const edgeControls = all.filter((control) => !recordControls.includes(control));

holdAsBuilt(edgeControls, plan);

const broken: [string, string, () => Plan][] = [
  [
    "edge.certificate-validated-by-dns",
    "by EMAIL",
    () => changed(plan, certificate, (body) => (body.validation_method = "EMAIL")),
  ],
  [
    "edge.certificate-validated-by-dns",
    "by nothing",
    () => changed(plan, certificate, (body) => delete body.validation_method),
  ],
  [
    "edge.certificate-validated-by-dns",
    "imported",
    () => changed(plan, certificate, (body) => (body.private_key = "${var.key}")),
  ],
  [
    "edge.certificate-transparent",
    "is not on",
    () => changed(plan, certificate, (body) => delete body.options),
  ],
  [
    "edge.certificate-replaced-safely",
    "is destroyed before",
    () => changed(plan, certificate, (body) => delete body.lifecycle),
  ],
  [
    "edge.certificate-used-when-valid",
    "not its validation",
    () => {
      const [block] = plan.blocks(certificate);
      return changed(
        plan,
        "aws_lb_listener",
        (body) => (body.certificate_arn = "${" + `${block?.address}.arn` + "}"),
      );
    },
  ],
  [
    "edge.certificate-used-when-valid",
    "no certificate",
    () => changed(plan, "aws_lb_listener", (body) => delete body.certificate_arn),
  ],
  [
    "edge.name-not-proxied",
    "is proxied",
    () => changed(plan, "cloudflare_dns_record", (body) => (body.proxied = true)),
  ],
  [
    "edge.name-not-proxied",
    "does not say",
    () => changed(plan, "cloudflare_dns_record", (body) => delete body.proxied),
  ],
];

failWhenBroken(edgeControls, broken);

test("whether a certificate that is there is valid, nobody can tell before deployment", () => {
  const findings = judge(named(edgeControls, "edge.certificate-used-when-valid"), edgePlan(EXISTING));
  expect(findings).toEqual([{ holds: "unknown", says: expect.any(String) }]);
});
