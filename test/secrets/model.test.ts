import { POSTURES } from "../../lib/posture";
import type { SecretConfig } from "../../lib/secrets/config";
import { resolveSecrets, type ClientKeyRequest } from "../../lib/secrets/model";
import { Check, formatProblem } from "../../lib/validation";
import { isTestToken } from "../support/config";

function resolve(secrets: unknown, clients: readonly ClientKeyRequest[] = []) {
  const check = Check.start(isTestToken);
  const config = secrets as Record<string, SecretConfig> | undefined;
  const model = resolveSecrets(config, clients, check, {
    posture: "production",
    defaults: POSTURES.production,
    downstream: undefined,
  });
  return { model, problems: check.problems.map(formatProblem) };
}

const ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:team/ledger-AbCdEf";
const KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const READER = "arn:aws:iam::123456789012:role/ci";

test("a server without secrets of its own still has its key pair", () => {
  expect(resolve(undefined)).toEqual({
    model: {
      clientKeys: [],
      generated: [],
      databases: [],
      existing: [],
      tls: { rotateDays: 30, validDays: 120 },
      recoveryDays: 30,
      waivers: [],
    },
    problems: [],
  });
});

test("every default is resolved, and what is given is taken", () => {
  const secrets = {
    plain: { kind: "generated", env: "COOKIE_KEY" },
    long: { kind: "generated", env: "SIGNING_KEY", length: 128, rotateDays: 90 },
    ledger: { kind: "existing", env: "LEDGER", arn: ARN },
    field: { kind: "existing", env: "LEDGER_PASSWORD", arn: ARN, field: "password", keyArn: KEY },
  };
  const clients = [
    { name: "ci", rotateDays: 7, readers: [READER] },
    { name: "web", rotateDays: undefined, readers: undefined },
  ];
  const { model, problems } = resolve(secrets, clients);
  expect(problems).toEqual([]);
  expect(model).toMatchObject({
    clientKeys: [
      { name: "ci", rotateDays: 7, readers: [READER] },
      { name: "web", rotateDays: 30, readers: [] },
    ],
    generated: [
      { name: "long", env: "SIGNING_KEY", field: "current", settings: { length: 128 }, rotateDays: 90 },
      { name: "plain", env: "COOKIE_KEY", field: "current", settings: { length: 48 }, rotateDays: 30 },
    ],
    existing: [
      { name: "field", env: "LEDGER_PASSWORD", arn: ARN, field: "password", keyArn: KEY },
      { name: "ledger", env: "LEDGER", arn: ARN, field: undefined, keyArn: undefined },
    ],
  });
});

test("what is known only at deployment is taken", () => {
  const later = "${TOKEN[1]}";
  expect(
    resolve({ a: { kind: "existing", env: "A", arn: later, field: later, keyArn: later } }, [
      { name: "ci", rotateDays: 30, readers: [later] },
    ]).problems,
  ).toEqual([]);
});

const generated = (change: object) => ({ own: { kind: "generated", env: "OWN", ...change } });
const existing = (change: object) => ({ own: { kind: "existing", env: "OWN", arn: ARN, ...change } });
const FORM = "expected capital letters, digits and _; correct it [wrong-form]";

describe("one fault, one message", () => {
  test.each<[string, unknown, string]>([
    [
      "a name that cannot be a construct's",
      { Own: {} },
      "secrets.Own is a name, expected lower-case letters, digits and dashes, beginning with a letter; rename it [wrong-form]",
    ],
    [
      "an unknown kind",
      generated({ kind: "random" }),
      'secrets.own.kind is "random", expected one of generated, postgres, mysql, existing; choose one of them [unknown-kind]',
    ],
    [
      "a kind known only later",
      generated({ kind: "${TOKEN[1]}" }),
      "secrets.own.kind is known only at deployment; write the value itself; what is built depends on it [token-not-allowed]",
    ],
    ["no variable", generated({ env: undefined }), "secrets.own.env is missing; set it [required]"],
    ["a variable in small letters", generated({ env: "own" }), `secrets.own.env is "own", ${FORM}`],
    [
      "the server's port",
      generated({ env: "PORT" }),
      "secrets.own.env is a name of ours; choose another [conflict]",
    ],
    [
      "a variable of the gateway's",
      generated({ env: "HMCP_POLICY" }),
      "secrets.own.env is a name of ours; choose another [conflict]",
    ],
    [
      "one variable for two",
      { ...generated({}), other: { kind: "existing", env: "OWN", arn: ARN } },
      "secrets.own.env is OWN, the variable of other too; give each a variable of its own [duplicate]",
    ],
    [
      "a value",
      generated({ value: "hunter2" }),
      "secrets.own.value is not a field here; remove it [unknown-field]",
    ],
    [
      "a short text",
      generated({ length: 8 }),
      "secrets.own.length is 8, expected 16 to 128 characters; raise it [out-of-range]",
    ],
    [
      "a long life",
      generated({ rotateDays: 91 }),
      "secrets.own.rotateDays is 91, expected 1 to 90 days; lower it [out-of-range]",
    ],
    [
      "no life",
      generated({ rotateDays: 1 }),
      expect.stringMatching(/^secrets\.own\.rotateDays is 1, expected 2 to 90 days; .*\[out-of-range\]$/),
    ],
    [
      "days for what others rotate",
      existing({ rotateDays: 30 }),
      "secrets.own.rotateDays is not a field here; remove it [unknown-field]",
    ],
    [
      "a field that names a version too",
      existing({ field: "a:AWSPREVIOUS" }),
      'secrets.own.field is "a:AWSPREVIOUS", expected the name of a field, without :; correct it [wrong-form]',
    ],
    [
      "a key by its alias",
      existing({ keyArn: "alias/own" }),
      'secrets.own.keyArn is "alias/own", expected the ARN of a key; correct it [wrong-form]',
    ],
  ])("%s", (_class, config, message) => {
    expect(resolve(config).problems).toEqual([message]);
  });
  test.each(["ledger", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:*"])("the ARN %s", (arn) => {
    expect(resolve(existing({ arn })).problems).toEqual([
      expect.stringMatching(
        /^secrets\.own\.arn is .*, expected the whole ARN of a secret, with its six last characters; .*\[wrong-form\]$/,
      ),
    ]);
  });
});

describe("keys of clients", () => {
  const client = { name: "ci", rotateDays: 30, readers: [READER] };
  const at = "clients.ci.identity";
  test.each<[string, Partial<ClientKeyRequest>, string]>([
    [
      "a long life",
      { rotateDays: 365 },
      `${at}.rotateDays is 365, expected 1 to 90 days; lower it [out-of-range]`,
    ],
    [
      "every role",
      { readers: ["arn:aws:iam::123456789012:role/*"] },
      `${at}.readers[0] is "arn:aws:iam::123456789012:role/*", expected the ARN of a role; name the role whose software calls [wrong-form]`,
    ],
    [
      "a person",
      { readers: ["arn:aws:iam::123456789012:user/eve"] },
      `${at}.readers[0] is "arn:aws:iam::123456789012:user/eve", expected the ARN of a role; name the role whose software calls [wrong-form]`,
    ],
    [
      "too many readers",
      { readers: Array.from({ length: 21 }, () => READER) },
      `${at}.readers has 21 entries, expected at most 20; remove some [over-budget]`,
    ],
  ])("%s", (_class, change, message) => {
    expect(resolve(undefined, [{ ...client, ...change }]).problems).toEqual([message]);
  });
});
