import type { EdgeConfig } from "../../lib/edge/config";
import { resolveEdge } from "../../lib/edge/model";
import { isToken } from "../../lib/terraform";
import { Check, formatProblem } from "../../lib/validation";

const ZONE = "Z0123456789ABCDEFGHIJ";
const CLOUDFLARE = "0123456789abcdef0123456789abcdef";
const ARN = "arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef";
const EDGE = {
  hostname: "mcp.example.com",
  certificate: { kind: "route53", zoneId: ZONE },
  reach: { kind: "internet" },
} as const;

function resolve(config: unknown) {
  const check = Check.start(isToken);
  const model = resolveEdge(config as EdgeConfig, check.at("edge"));
  return { model, problems: check.problems.map(formatProblem) };
}

describe("what is resolved", () => {
  test.each([
    [
      "the zone that validates",
      { kind: "route53", zoneId: ZONE },
      undefined,
      { kind: "route53", zoneId: ZONE },
    ],
    [
      "the same at Cloudflare",
      { kind: "cloudflare", zoneId: CLOUDFLARE },
      undefined,
      { kind: "cloudflare", zoneId: CLOUDFLARE },
    ],
    ["none beside a certificate that is there", { kind: "existing", arn: ARN }, undefined, { kind: "none" }],
    [
      "what is asked for",
      { kind: "existing", arn: ARN },
      { kind: "route53", zoneId: ZONE },
      { kind: "route53", zoneId: ZONE },
    ],
    ["none where it is asked for", { kind: "route53", zoneId: ZONE }, { kind: "none" }, { kind: "none" }],
  ])("the record is written in %s", (_name, certificate, record, expected) => {
    const { model, problems } = resolve({ ...EDGE, certificate, ...(record && { record }) });
    expect(problems).toEqual([]);
    expect(model.record).toEqual(expected);
  });

  test.each([
    [{ kind: "internet" }, { kind: "internet" }],
    [
      { kind: "ranges", cidrs: ["198.51.100.0/24", "203.0.113.7/32"] },
      { kind: "ranges", cidrs: ["198.51.100.0/24", "203.0.113.7/32"] },
    ],
    [{ kind: "internal" }, { kind: "internal", cidrs: [] }],
    [
      { kind: "internal", cidrs: ["10.0.0.0/8"] },
      { kind: "internal", cidrs: ["10.0.0.0/8"] },
    ],
  ])("reach %j", (reach, expected) => {
    expect(resolve({ ...EDGE, reach })).toMatchObject({ model: { reach: expected }, problems: [] });
  });

  test("zones and certificates may be known later", () => {
    const token = "${var.x}";
    expect(resolve({ ...EDGE, certificate: { kind: "route53", zoneId: token } }).problems).toEqual([]);
    expect(resolve({ ...EDGE, certificate: { kind: "existing", arn: token } }).problems).toEqual([]);
  });

  test("a certificate that is there may be for a longer name than AWS issues", () => {
    const hostname = `${"a".repeat(60)}.example.com`;
    expect(resolve({ ...EDGE, hostname, certificate: { kind: "existing", arn: ARN } }).problems).toEqual([]);
  });
});

const hosted = (hostname: unknown) => ({ ...EDGE, hostname });
const ranges = (...cidrs: unknown[]) => ({ ...EDGE, reach: { kind: "ranges", cidrs } });

test.each<[string, unknown, string[]]>([
  ["nothing", undefined, ["edge is missing, expected an object"]],
  ["a stray field", { ...EDGE, host: "x" }, ["edge.host is not a field"]],
  ["no host name", hosted(undefined), ["edge.hostname is missing"]],
  ["a host name known later", hosted("${var.host}"), ["edge.hostname", "[token-not-allowed]"]],
  ["a URL", hosted("https://mcp.example.com"), ["leave out the scheme"]],
  ["a wildcard", hosted("*.example.com"), ["name one host"]],
  ["capitals", hosted("MCP.example.com"), ["did you mean mcp.example.com?"]],
  ["a single label", hosted("localhost"), ["edge.hostname", "[wrong-form]"]],
  ["an address", hosted("192.0.2.1"), ["edge.hostname", "[wrong-form]"]],
  ["a port", hosted("mcp.example.com:443"), ["edge.hostname", "[wrong-form]"]],
  ["a last dot", hosted("mcp.example.com."), ["edge.hostname", "[wrong-form]"]],
  ["a label of 64", hosted(`${"a".repeat(64)}.example.com`), ["edge.hostname", "[wrong-form]"]],
  [
    "65 characters on a certificate of AWS",
    hosted(`${"a".repeat(53)}.example.com`),
    ["has 65 characters, expected at most 64"],
  ],
  ["no certificate", { ...EDGE, certificate: undefined }, ["edge.certificate is missing"]],
  [
    "a certificate of no kind",
    { ...EDGE, certificate: { kind: "acme" } },
    ["edge.certificate.kind", "[unknown-kind]"],
  ],
  [
    "a zone by name",
    { ...EDGE, certificate: { kind: "route53", zoneId: "example.com" } },
    ["certificate.zoneId", "not its name"],
  ],
  [
    "a zone of the other kind",
    { ...EDGE, certificate: { kind: "cloudflare", zoneId: ZONE } },
    ["32 hexadecimal digits"],
  ],
  [
    "a stray field of the zone",
    { ...EDGE, certificate: { ...EDGE.certificate, zone: "x" } },
    ["edge.certificate.zone is not a field"],
  ],
  ["no ARN", { ...EDGE, certificate: { kind: "existing" } }, ["edge.certificate.arn is missing"]],
  [
    "another service's ARN",
    { ...EDGE, certificate: { kind: "existing", arn: ARN.replace("acm", "iam") } },
    ["edge.certificate.arn"],
  ],
  [
    "a stray field beside the ARN",
    { ...EDGE, certificate: { kind: "existing", arn: ARN, zoneId: ZONE } },
    ["zoneId is not a field"],
  ],
  ["a record of no kind", { ...EDGE, record: { kind: "cname" } }, ["edge.record.kind", "[unknown-kind]"]],
  ["a record in no zone", { ...EDGE, record: { kind: "route53" } }, ["edge.record.zoneId is missing"]],
  [
    "no record with a zone",
    { ...EDGE, record: { kind: "none", zoneId: ZONE } },
    ["edge.record.zoneId is not a field"],
  ],
  ["no reach", { ...EDGE, reach: undefined }, ["edge.reach is missing"]],
  ["reach of no kind", { ...EDGE, reach: { kind: "public" } }, ["edge.reach.kind", "[unknown-kind]"]],
  [
    "ranges for the internet",
    { ...EDGE, reach: { kind: "internet", cidrs: [] } },
    ["edge.reach.cidrs is not a field"],
  ],
  ["no ranges", ranges(), ["cidrs has 0 entries, expected at least 1"]],
  ["ranges that are missing", { ...EDGE, reach: { kind: "ranges" } }, ["edge.reach.cidrs is missing"]],
  ["everybody as a range", ranges("0.0.0.0/0"), ['reach: { kind: "internet" }', "[unsafe]"]],
  [
    "everybody inside",
    { ...EDGE, reach: { kind: "internal", cidrs: ["0.0.0.0/0"] } },
    ["name the networks", "[unsafe]"],
  ],
  ["host bits", ranges("203.0.113.7/24"), ["did you mean 203.0.113.0/24, or 203.0.113.7/32?"]],
  ["an address alone", ranges("203.0.113.7"), ["edge.reach.cidrs[0]", "did you mean 203.0.113.7/32?"]],
  ["IPv6", ranges("2001:db8::/32"), ["expected an IPv4 block"]],
  ["a range twice", ranges("10.0.0.0/8", "10.0.0.0/8"), ["cidrs[1]", "[duplicate]"]],
  ["a range known later", ranges("${var.office}"), ["edge.reach.cidrs[0]", "[token-not-allowed]"]],
  [
    "ranges known later",
    { ...EDGE, reach: { kind: "ranges", cidrs: "${var.offices}" } },
    ["edge.reach.cidrs", "[token-not-allowed]"],
  ],
  [
    "51 ranges",
    ranges(...Array.from({ length: 51 }, (_, i) => `10.${i}.0.0/16`)),
    ["has 51 entries, expected at most 50"],
  ],
  ["no ranges inside", { ...EDGE, reach: { kind: "internal", cidrs: [] } }, ["expected at least 1"]],
  [
    "a stray field inside",
    { ...EDGE, reach: { kind: "internal", cidr: "x" } },
    ["edge.reach.cidr is not a field"],
  ],
  [
    "a stray field of ranges",
    { ...EDGE, reach: { kind: "ranges", cidrs: ["10.0.0.0/8"], ips: [] } },
    ["edge.reach.ips is not a field"],
  ],
])("%s is refused", (_name, config, expected) => {
  const { problems } = resolve(config);
  expect(problems.length).toBeGreaterThan(0);
  for (const text of expected) expect(problems.join("\n")).toContain(text);
});
