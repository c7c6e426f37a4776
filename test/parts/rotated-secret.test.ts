import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import { SecretsmanagerSecretRotation } from "@cdktf/provider-aws/lib/secretsmanager-secret-rotation";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { RotatedSecret, type RotatedSecretConfig } from "../../lib";
import { resolveRotatedSecret } from "../../lib/parts/rotated-secret-model";
import { embedded } from "../../lib/terraform/plan";
import { isTestToken, problemsOf, TOKEN } from "../support/config";
import { childOf, failing, partPlan, withoutType } from "../support/parts";
import { writtenPlan } from "../support/plan";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const READER = "arn:aws:iam::123456789012:role/orders-execution";
const good: RotatedSecretConfig = {
  name: "acme",
  environment: "test",
  posture: "production",
  secretName: "signing",
  readers: [READER],
  network: {
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    endpointSecurityGroupId: "sg-0123456789abcdef0",
  },
  topicArn: "arn:aws:sns:eu-west-1:123456789012:oncall",
};
const planOf = (
  change: Partial<RotatedSecretConfig> = {},
  attack: (secret: RotatedSecret) => void = () => undefined,
) => writtenPlan((stack) => attack(new RotatedSecret(stack, "secret", { ...good, ...change })));
const example = partPlan("rotated-secret");

describe("a secret on its own", () => {
  test("is read by those who are named, written by its function alone, and no value of it is in the file", () => {
    const plan = planOf();
    const [policy] = plan.blocks("aws_secretsmanager_secret_policy");
    const { Statement: statements } = embedded(policy?.body["policy"]) as {
      Statement: { Sid: string; Effect: string; Principal: unknown; Condition?: unknown }[];
    };
    const own = expect.stringMatching(/:role\/acme-test-signing_rotation$/) as string;
    expect(
      statements.map(({ Sid, Effect, Principal, Condition }) => [Sid, Effect, Principal, Condition]),
    ).toEqual([
      ["ReadersAlone", "Deny", "*", { ArnNotLike: { "aws:PrincipalArn": [own, READER] } }],
      ["ReadersMayRead", "Allow", { AWS: [READER] }, undefined],
      ["RotationAloneWrites", "Deny", "*", { ArnNotLike: { "aws:PrincipalArn": own } }],
    ]);
    expect(plan.blocks("aws_secretsmanager_secret_version", "random_password")).toEqual([]);
    expect(plan.blocks("aws_secretsmanager_secret").map(({ body }) => body["name"])).toEqual([
      "acme-test/signing",
    ]);
  });
  test("can be taken back in production, and its name used again at once where it is disposable", () => {
    const days = (change: Partial<RotatedSecretConfig>) =>
      planOf(change)
        .blocks("aws_secretsmanager_secret")
        .map(({ body }) => body["recovery_window_in_days"]);
    expect(days({})).toEqual([30]);
    expect(days({ posture: "sandbox" })).toEqual([0]);
    expect(days({ posture: "sandbox", lifecycle: "protected" })).toEqual([30]);
  });
  test("is made as it was told, by keys that were given", () => {
    const plan = planOf({
      ...{ value: { length: 64, require: ["digit"] }, rotateDays: 7, logRetainDays: 731 },
      ...{ key: { kind: "existing", arn: KEY }, logsKey: { kind: "existing", arn: KEY } },
    });
    expect(plan.blocks("aws_kms_key")).toEqual([]);
    const [made] = plan.blocks("aws_lambda_function");
    expect(JSON.stringify(made?.body["environment"])).toContain('\\"length\\":64');
    const [schedule] = plan.blocks("aws_secretsmanager_secret_rotation");
    expect(schedule?.body["rotation_rules"]).toEqual({ automatically_after_days: 7 });
    expect(failing(plan)).toEqual([]);
  });
  test("opens the endpoints' group, or leaves that to its owner", () => {
    const rules = (change: Partial<RotatedSecretConfig>) =>
      planOf(change).blocks("aws_vpc_security_group_ingress_rule");
    expect(rules({})).toHaveLength(1);
    expect(rules({ network: { ...good.network, openEndpoints: false } })).toEqual([]);
  });
});

describe("the checklist", () => {
  test("passes what is there", () => expect(failing(example)).toEqual([]));
  test.each([
    ["aws_secretsmanager_secret", "secrets.rotated"],
    ["aws_secretsmanager_secret_rotation", "secrets.rotated"],
    ["aws_secretsmanager_secret_policy", "secrets.readers-named"],
    ["aws_iam_role", "access.boundary"],
  ])("asks for %s", (type, control) => expect(failing(withoutType(example, type))).toContain(control));
});

describe("a protection that an override takes away stops the synth", () => {
  const everybody =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}';
  test.each<[string, (secret: RotatedSecret) => void, RegExp]>([
    [
      "a secret for everybody",
      (all) => childOf(all, SecretsmanagerSecretPolicy).addOverride("policy", everybody),
      /\[secrets\.readers-named\]/,
    ],
    [
      "AWS's own key",
      (all) => childOf(all, SecretsmanagerSecret).addOverride("kms_key_id", undefined),
      /\[secrets\.customer-key\]/,
    ],
    [
      "a year between changes",
      (all) =>
        childOf(all, SecretsmanagerSecretRotation).addOverride(
          "rotation_rules.automatically_after_days",
          365,
        ),
      /\[secrets\.rotated\]/,
    ],
    [
      "a function that hangs for ever",
      (all) => childOf(all, LambdaFunction).addOverride("timeout", 900),
      /\[secrets\.functions-bounded\]/,
    ],
    [
      "a function that anybody calls",
      (all) => childOf(all, LambdaPermission).addOverride("principal", "*"),
      /\[secrets\.functions?-[a-z-]+\]/,
    ],
    [
      "a way out",
      (all) => {
        const rule = childOf(all, VpcSecurityGroupEgressRule);
        rule.addOverride("referenced_security_group_id", undefined);
        rule.addOverride("cidr_ipv4", "0.0.0.0/0");
      },
      /\[downstream\.ways-out-narrow\]/,
    ],
    [
      "a key that never changes",
      (all) => childOf(all, KmsKey).addOverride("enable_key_rotation", false),
      /\[access\.keys-rotate\]/,
    ],
  ])("%s", (_what, attack, says) => expect(() => planOf({}, attack)).toThrow(says));
});

describe("what is wrong is said at once", () => {
  const problems = (change: object) =>
    problemsOf(() => resolveRotatedSecret({ ...good, ...change } as RotatedSecretConfig, isTestToken));
  test.each<[string, object, string[]]>([
    ["nothing", {}, []],
    [
      "what is known later",
      { readers: [TOKEN], topicArn: TOKEN, network: { ...good.network, vpcId: TOKEN, subnetIds: TOKEN } },
      [],
    ],
    [
      "a login to a database, which a server alone has",
      { value: { kind: "postgres", role: "notes", users: "alternating" } },
      ["value.kind is not a field here", "value.role is not a field here", "value.users is not a field here"],
    ],
    ["no reader", { readers: [] }, ["readers has 0 entries"]],
    ["no place", { network: undefined }, ["network is missing"]],
    [
      "every field",
      {
        secretName: "Signing",
        readers: ["arn:aws:iam::123456789012:user/x"],
        value: { length: 8, env: "A" },
        rotateDays: 1,
        network: { vpcId: "vpc", subnetIds: ["subnet-0123456789abcdef0"], endpointSecurityGroupId: "g" },
        topicArn: "oncall",
        logRetainDays: 8,
        iam: { path: "x" },
        logsKey: { kind: "existing", arn: "k" },
      },
      [
        'secretName is "Signing"',
        "readers[0] is",
        "value.env is not a field here",
        "value.length is 8",
        "rotateDays is 1",
        'topicArn is "oncall"',
        "logRetainDays is 8",
        'network.vpcId is "vpc"',
        "network.subnetIds has 1",
        'network.endpointSecurityGroupId is "g"',
        'iam.path is "x"',
        'logsKey.arn is "k"',
      ],
    ],
  ])("%s", (_what, change, said) => {
    const found = problems(change);
    expect(found).toEqual(said.map((each) => expect.stringContaining(each)));
  });
});
