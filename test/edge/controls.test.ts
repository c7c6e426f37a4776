import { edgeControls as all } from "../../lib/edge/controls";
import { recordControls } from "../../lib/edge/record-controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { CLOUDFLARE, edgePlan, EXISTING } from "./fixture";

const plan = edgePlan(CLOUDFLARE);
const certificate = "aws_acm_certificate";
/** Those of records are asked of ours alone: see record-controls.test.ts. */
const edgeControls = all.filter((control) => !recordControls.includes(control));

test.each(edgeControls.map((control) => [control.id, control] as const))(
  "%s holds as built",
  (_id, control) => {
    const findings = judge(control, plan);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings).toEqual(findings.map(() => ({ holds: true })));
  },
);

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

describe("each control fails when its protection goes", () => {
  test.each(broken)("%s: %s", (id, says, build) => {
    expect(judge(named(edgeControls, id), build())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
  });

  test("and none is without such a test", () => {
    expect(new Set(broken.map(([id]) => id))).toEqual(new Set(edgeControls.map(({ id }) => id)));
  });
});

test("whether a certificate that is there is valid, nobody can tell before deployment", () => {
  const findings = judge(named(edgeControls, "edge.certificate-used-when-valid"), edgePlan(EXISTING));
  expect(findings).toEqual([{ holds: "unknown", says: expect.any(String) }]);
});
