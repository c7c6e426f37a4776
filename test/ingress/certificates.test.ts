import { gatewayControls } from "../../lib/gateway/controls";
import { HardenedMcp } from "../../lib/hardened-mcp";
import { ingressControls } from "../../lib/ingress/controls";
import { resolveIngress } from "../../lib/ingress/model";
import type { ClientConfig, ClientIdentity } from "../../lib/policy/config";
import { buildPolicy } from "../../lib/policy";
import { Check, formatProblem } from "../../lib/validation";
import { changed, judge, named, without } from "../audit/judge";
import { goodConfig, goodServer, isTestToken, TOKEN } from "../support/config";
import { synthPlan } from "../support/plan";

const FILE = { bucket: "acme-authorities", key: "clients.pem", version: "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY" };
const ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:truststore/clients/0123456789abcdef";
const REQUIRED = "every-client-of-every-server";

describe("what is asked of clients", () => {
  const problemsOf = (clientCertificates: unknown): string[] => {
    const check = Check.start(isTestToken);
    resolveIngress({ clientCertificates } as never, check.at("ingress"), { lifecycle: "protected" });
    return check.problems.map(
      ({ path, code }) => `${path.replace("ingress.clientCertificates", "")} ${code}`,
    );
  };
  const trust = (change: object) => ({
    requiredOf: REQUIRED,
    trust: { kind: "new", bundle: FILE, ...change },
  });

  test.each<[string, unknown, string[]]>([
    ["a trust store that is there", { requiredOf: REQUIRED, trust: { kind: "existing", arn: ARN } }, []],
    [
      "one that is known at deployment",
      { requiredOf: REQUIRED, trust: { kind: "existing", arn: TOKEN } },
      [],
    ],
    ["a bundle", trust({}), []],
    ["a bundle of another stack", trust({ bundle: { ...FILE, bucket: TOKEN, version: TOKEN } }), []],
    ["lists of what was revoked", trust({ revocations: [{ ...FILE, key: "a.crl" }] }), []],
    ["no word that all need one", { trust: { kind: "new", bundle: FILE } }, [".requiredOf required"]],
    ["another word", { ...trust({}), requiredOf: "some" }, [".requiredOf unknown-kind"]],
    ["nobody who is trusted", { requiredOf: REQUIRED }, [".trust required"]],
    ["passthrough", { ...trust({}), mode: "passthrough" }, [".mode unknown-field"]],
    [
      "another ARN",
      { requiredOf: REQUIRED, trust: { kind: "existing", arn: "arn:x" } },
      [".trust.arn wrong-form"],
    ],
    [
      "a file that may change",
      trust({ bundle: { ...FILE, version: undefined } }),
      [".trust.bundle.version required"],
    ],
    [
      "a file without a bucket",
      trust({ bundle: { ...FILE, bucket: "No" } }),
      [".trust.bundle.bucket wrong-form"],
    ],
    [
      "a key that is a token",
      trust({ bundle: { ...FILE, key: TOKEN } }),
      [".trust.bundle.key token-not-allowed"],
    ],
    ["a list twice", trust({ revocations: [FILE, FILE] }), [".trust.revocations[1] duplicate"]],
    [
      "too many lists",
      trust({ revocations: Array.from({ length: 31 }, (_, index) => ({ ...FILE, key: `${index}` })) }),
      [".trust.revocations over-budget"],
    ],
  ])("%s", (_what, config, problems) => {
    expect(problemsOf(config)).toEqual(problems);
  });
});

describe("clients that are known by certificates", () => {
  const problemsOf = (clients: Record<string, Partial<ClientIdentity>>, certificates = true): string[] => {
    const check = Check.start(isTestToken);
    const server = goodServer({
      clients: Object.fromEntries(
        Object.entries(clients).map(([name, identity]) => [
          name,
          { identity, tools: ["search"] } as ClientConfig,
        ]),
      ),
    });
    buildPolicy(
      "notes",
      server,
      { hostname: "x.example.com", maxBodyKib: 64, maxTasks: 1, certificates },
      check,
    );
    return check.problems.map(({ path, code }) => `${path} ${code}`);
  };
  const mtls = (subject: unknown, more: object = {}) =>
    problemsOf({ robot: { kind: "mtls", subject, ...more } as never });
  const SUBJECT = "clients.robot.identity.subject";

  test.each<[string, unknown, boolean]>([
    ["one part", "CN=robot", true],
    ["several, with blanks inside", "CN=Build Robot 7,OU=build.ci@acme,O=Acme (Ltd)", true],
    ["a type by number", "1.2.3=x", false],
    ["a dotted type", "OID.1.2.3=x", true],
    ["nothing", "", false],
    ["a name alone", "robot", false],
    ["an empty value", "CN=", false],
    ["a blank after a comma", "CN=robot, O=acme", false],
    ["a blank at the end of a value", "CN=robot ,O=acme", false],
    ["an escape", "CN=a\\,O=acme", false],
    ["an escape in digits", "CN=a\\2C", false],
    ["quotes", 'CN="a,b"', false],
    ["a part of two values", "CN=a+OU=b", false],
    ["a second equals sign", "CN=a=b", false],
    ["an accent", "CN=rébot", false],
    ["a look-alike", "CN=rоbot", false],
    ["a line", "CN=a\nO=acme", false],
    ["a semicolon", "CN=a;O=b", false],
    ["a hash", "CN=#0C", false],
    ["513 characters", `CN=${"a".repeat(510)}`, false],
  ])("a subject of %s", (_what, subject, good) => {
    expect(mtls(subject).map((problem) => problem.split(" ")[0])).toEqual(good ? [] : [SUBJECT]);
  });

  test.each<[string, () => string[], string[]]>([
    ["issuer and serial number", () => mtls("CN=a", { issuer: "CN=ca,O=acme", serial: "03A5B1" }), []],
    [
      "an issuer of another form",
      () => mtls("CN=a", { issuer: "ca" }),
      ["clients.robot.identity.issuer wrong-form"],
    ],
    [
      "a serial number in small letters",
      () => mtls("CN=a", { serial: "03a5b1" }),
      ["clients.robot.identity.serial wrong-form"],
    ],
    ["half a byte", () => mtls("CN=a", { serial: "3A5" }), ["clients.robot.identity.serial wrong-form"]],
    ["a subject that is known later", () => mtls(TOKEN), [`${SUBJECT} token-not-allowed`]],
    [
      "a field of another kind",
      () => mtls("CN=a", { claim: "x" }),
      ["clients.robot.identity.claim unknown-field"],
    ],
    [
      "one subject of two",
      () =>
        problemsOf({
          robot: { kind: "mtls", subject: "CN=a", issuer: "CN=one" },
          other: { kind: "mtls", subject: "CN=a", issuer: "CN=two" },
        }),
      ["clients.robot.identity.subject duplicate"],
    ],
    [
      "a load balancer that asks for none",
      () => problemsOf({ robot: { kind: "mtls", subject: "CN=a" } }, false),
      ["clients.robot.identity.kind unknown-reference"],
    ],
  ])("%s", (_what, problems, expected) => {
    expect(problems()).toEqual(expected);
  });
});

describe("as it is synthesised", () => {
  const plan = synthPlan((stack) => {
    const servers = {
      notes: goodServer({
        clients: {
          assistant: { identity: { kind: "apiKey" }, tools: ["search"] },
          robot: { identity: { kind: "mtls", subject: "CN=robot,O=acme" }, tools: ["search"] },
        },
      }),
    };
    const trust = { kind: "new", bundle: FILE, revocations: [{ ...FILE, key: "revoked.crl" }] } as const;
    const mcp = new HardenedMcp(
      stack,
      "mcp",
      goodConfig({ servers, ingress: { clientCertificates: { requiredOf: REQUIRED, trust } } }),
    );
    expect(mcp.platform.attributes.ingress.clientCertificates).toBe(true);
  });

  it("one listener verifies every certificate against a trust store of pinned files", () => {
    const [listener] = plan.blocks("aws_lb_listener");
    const [store] = plan.blocks("aws_lb_trust_store");
    const [revocation] = plan.blocks("aws_lb_trust_store_revocation");
    expect(listener?.body.mutual_authentication).toEqual({
      mode: "verify",
      trust_store_arn: `\${aws_lb_trust_store.${store?.name}.arn}`,
      ignore_client_certificate_expiry: false,
      advertise_trust_store_ca_names: "on",
    });
    expect(store?.body).toMatchObject({
      name: "acme-test-clients",
      ca_certificates_bundle_s3_bucket: FILE.bucket,
      ca_certificates_bundle_s3_key: FILE.key,
      ca_certificates_bundle_s3_object_version: FILE.version,
    });
    expect(revocation?.body).toMatchObject({
      revocations_s3_key: "revoked.crl",
      revocations_s3_object_version: FILE.version,
    });
  });

  const all = [...ingressControls, ...gatewayControls];
  const asked = (body: Record<string, unknown>) => body.mutual_authentication as Record<string, unknown>;
  test.each([
    "ingress.listener-certificates",
    "gateway.certificates-verified",
    "gateway.headers-stripped",
    "gateway.clients-proven",
  ])("%s holds", (id) => expect(judge(named(all, id), plan)).toEqual([{ holds: true }]));

  test.each<[string, string, (body: Record<string, unknown>) => void]>([
    ["ingress.listener-certificates", "without verifying", (body) => (asked(body).mode = "passthrough")],
    ["ingress.listener-certificates", "no trust store", (body) => delete asked(body).trust_store_arn],
    [
      "ingress.listener-certificates",
      "have expired",
      (body) => (asked(body).ignore_client_certificate_expiry = true),
    ],
    [
      "gateway.certificates-verified",
      "without a verified certificate",
      (body) => delete body.mutual_authentication,
    ],
    [
      "gateway.certificates-verified",
      "without a verified certificate",
      (body) => (asked(body).mode = "passthrough"),
    ],
  ])("%s fails: %s", (id, says, change) => {
    const broken = changed(plan, "aws_lb_listener", change);
    expect(judge(named(all, id), broken)).toEqual([{ holds: false, says: expect.stringContaining(says) }]);
  });

  it("is not judged where the listener is another team's", () => {
    const elsewhere = without(plan, "aws_lb_listener");
    expect(judge(named(all, "gateway.certificates-verified"), elsewhere)).toMatchObject([
      { holds: "unknown" },
    ]);
  });

  it("a server on somebody's platform hears of it by the attributes", () => {
    const check = Check.start(isTestToken);
    buildPolicy(
      "notes",
      goodServer({ clients: { robot: { identity: { kind: "mtls", subject: "CN=a" }, tools: ["search"] } } }),
      { hostname: "x.example.com", maxBodyKib: 64, maxTasks: 1 },
      check,
    );
    expect(check.problems.map(formatProblem)).toEqual([
      expect.stringContaining(
        "set ingress.clientCertificates of the platform, which asks every client of every server",
      ),
    ]);
  });
});
