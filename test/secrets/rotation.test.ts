import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtCode } from "../../lib/functions/built-code";
import { embedded } from "../../lib/terraform/plan";
import {
  bySecret,
  CHILDREN,
  KEY,
  LOGS_KEY,
  READER,
  readable,
  secretOf,
  secretsPlan,
} from "./rotation-fixture";

interface FunctionBody {
  readonly environment: { readonly variables: Readonly<Record<string, string>> };
  readonly vpc_config: { readonly subnet_ids: string[]; readonly security_group_ids: string[] };
  readonly logging_config: { readonly log_group: string };
}

const plan = secretsPlan();

describe("the function of a secret", () => {
  test("is one per secret, with a concurrency of one, in the tasks' subnets, under the customer's keys", () => {
    for (const [child, { body }] of bySecret(plan, "aws_lambda_function")) {
      const { environment, vpc_config, logging_config, ...rest } = body as unknown as FunctionBody;
      expect(rest).toMatchObject({
        function_name: `acme-test-orders_${child}_rotation`,
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "index.handler",
        reserved_concurrent_executions: 1,
        kms_key_arn: KEY,
        tracing_config: { mode: "PassThrough" },
      });
      expect(plan.target(environment.variables["SECRET_ARN"])).toBe(secretOf(plan, child));
      const { subnet_ids, security_group_ids } = vpc_config;
      expect(subnet_ids).toEqual(["subnet-a", "subnet-b"]);
      expect(security_group_ids?.map((id) => plan.target(id)?.body["name"])).toEqual([
        "acme-test-orders-rotation",
      ]);
      const group = plan.target(logging_config.log_group)?.body;
      expect(group).toMatchObject({
        name: `/aws/lambda/acme-test-orders_${child}_rotation`,
        kms_key_id: LOGS_KEY,
        retention_in_days: 400,
      });
      expect(plan.target((body["dead_letter_config"] as { target_arn: string }).target_arn)?.type).toBe(
        "aws_sqs_queue",
      );
    }
  });

  test("knows what its kind needs, and nothing secret", () => {
    const settings = bySecret(plan, "aws_lambda_function").map(([child, { body }]) => {
      const { variables } = (body as unknown as FunctionBody).environment;
      expect(Object.keys(variables).sort()).toEqual(["MIN_AGE_SECONDS", "SECRET_ARN", "SETTINGS"]);
      return [child, JSON.parse(variables["SETTINGS"] ?? "")] as const;
    });
    expect(Object.fromEntries(settings)).toEqual({
      tls: { name: "orders.acme-test.internal", days: 120 },
      "client-ci-bot": { client: "ci-bot" },
      "own-cookie-key": { length: 48 },
    });
  });

  test("runs the code of its kind, known by the hash that Lambda itself calculates", () => {
    const kinds = {
      tls: "tls-certificate",
      "client-ci-bot": "client-key",
      "own-cookie-key": "generated",
    } as const;
    for (const [child, { body }] of bySecret(plan, "aws_lambda_function")) {
      const { file, hash } = builtCode(`rotation/${kinds[child as keyof typeof kinds]}.zip`);
      expect(body["filename"]).toMatch(new RegExp(`^assets/.*/${kinds[child as keyof typeof kinds]}\\.zip$`));
      expect(body["source_code_hash"]).toBe(hash);
      expect(hash).toBe(createHash("sha256").update(readFileSync(file)).digest("base64"));
    }
  });

  test("may read and write its secret alone, and its code makes no network interface", () => {
    const interfaces = [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:UnassignPrivateIpAddresses",
    ];
    for (const [child, { body }] of bySecret(plan, "aws_iam_role_policy")) {
      const { Statement } = embedded(body["policy"]) as { Statement: { Sid: string; Resource: string[] }[] };
      const own = Statement.find(({ Sid }) => Sid === "RotateTheSecret");
      expect(own?.Resource.map((arn) => plan.target(arn))).toEqual([secretOf(plan, child)]);
      const functionArn = `arn:<partition>:lambda:<id>:<account_id>:function:acme-test-orders_${child}_rotation`;
      expect(readable(Statement)).toEqual([
        {
          Sid: "RotateTheSecret",
          Effect: "Allow",
          Action: [
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecretVersionStage",
          ],
          Resource: ["<arn>"],
        },
        {
          Sid: "UseItsKey",
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: [KEY],
          Condition: {
            StringEquals: {
              "kms:ViaService": "secretsmanager.<id>.amazonaws.com",
              "kms:EncryptionContext:SecretARN": "<arn>",
            },
          },
        },
        {
          Sid: "ReadItsVariables",
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: [KEY],
          Condition: { StringEquals: { "kms:EncryptionContext:aws:lambda:FunctionArn": functionArn } },
        },
        {
          Sid: "WriteItsLog",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: ["<arn>:*"],
        },
        { Sid: "KeepWhatFailed", Effect: "Allow", Action: ["sqs:SendMessage"], Resource: ["<arn>"] },
        {
          Sid: "EncryptWhatFailed",
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: [KEY],
          Condition: { StringEquals: { "kms:ViaService": "sqs.<id>.amazonaws.com" } },
        },
        { Sid: "StandInTheNetwork", Effect: "Allow", Action: interfaces, Resource: "*" },
        {
          Sid: "NotByTheCode",
          Effect: "Deny",
          Action: interfaces,
          Resource: "*",
          Condition: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
        },
      ]);
    }
  });

  test("is called by Secrets Manager for this secret only", () => {
    for (const [child, { body }] of bySecret(plan, "aws_lambda_permission")) {
      expect(readable(body)).toMatchObject({
        action: "lambda:InvokeFunction",
        principal: "secretsmanager.amazonaws.com",
        source_account: "<account_id>",
      });
      expect(plan.target(body["source_arn"])).toBe(secretOf(plan, child));
    }
  });
});

describe("the order of a deployment", () => {
  test("rights, a way to Secrets Manager and the permission; then the first value; then the schedule", () => {
    const rules = plan.blocks("aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule");
    expect(rules).toHaveLength(2);
    const endpoints = plan.blocks("aws_vpc_endpoint").map(({ address }) => address);
    // Not the one of the other stack, whose address means nothing here.
    expect(endpoints).toHaveLength(1);
    const permissions = Object.fromEntries(bySecret(plan, "aws_lambda_permission"));
    const policies = Object.fromEntries(bySecret(plan, "aws_iam_role_policy"));
    for (const [child, { body }] of bySecret(plan, "aws_lambda_function")) {
      expect(body["depends_on"]).toEqual([policies[child]?.address]);
    }
    const seeds = bySecret(plan, "aws_lambda_invocation");
    for (const [child, { body }] of seeds) {
      expect(body["lifecycle_scope"]).toBe("CREATE_ONLY");
      const input = embedded(body["input"]) as { action: string; secretId: string };
      expect([input.action, plan.target(input.secretId)]).toEqual(["seed", secretOf(plan, child)]);
      const before = [permissions[child]?.address, ...rules.map(({ address }) => address), ...endpoints];
      expect([...(body["depends_on"] as string[])].sort()).toEqual(before.sort());
    }
    const days = { "client-ci-bot": 7, "own-cookie-key": 30, tls: 30 };
    for (const [child, { body }] of bySecret(plan, "aws_secretsmanager_secret_rotation")) {
      expect(body["rotate_immediately"]).toBe(false);
      expect(body["rotation_rules"]).toEqual({ automatically_after_days: days[child as keyof typeof days] });
      expect(body["depends_on"]).toContain(Object.fromEntries(seeds)[child]?.address);
    }
  });

  test("a server's tasks wait for every value and every policy", () => {
    const waiting = secretsPlan({ waiting: true }).blocks("aws_ecs_cluster");
    expect(waiting).toHaveLength(1);
    const before = [...plan.blocks("aws_lambda_invocation", "aws_secretsmanager_secret_policy")];
    expect(before).toHaveLength(6);
    expect([...(waiting[0]?.body["depends_on"] as string[])].sort()).toEqual(
      before.map(({ address }) => address).sort(),
    );
  });
});

test("a secret's policy lets its own function read it, and no other", () => {
  const policies = plan.blocks("aws_secretsmanager_secret_policy");
  expect(policies).toHaveLength(3);
  for (const { body, name } of policies) {
    const child = CHILDREN.find((each) => name.startsWith(`secrets_${each}_policy`));
    const { Statement } = embedded(body["policy"]) as { Statement: [{ Condition: object }] };
    const role = "arn:<partition>:iam::<account_id>:role/acme-test-orders";
    expect(readable(Statement[0].Condition)).toEqual({
      ArnNotLike: {
        "aws:PrincipalArn": [
          `${role}-execution`,
          `${role}_${child}_rotation`,
          ...(child === "client-ci-bot" ? [READER] : []),
        ],
      },
    });
  }
});

test("the functions' group reaches the endpoints and nothing else; endpoints of others are left alone", () => {
  const leaving = plan.blocks("aws_vpc_security_group_egress_rule");
  expect(
    leaving.map(({ body }) => [body["referenced_security_group_id"], body["from_port"], body["to_port"]]),
  ).toEqual([["sg-endpoints", 443, 443]]);
  expect(secretsPlan({ owned: false }).blocks("aws_vpc_security_group_ingress_rule")).toEqual([]);
});

test("code that was not built is named, with what to do", () => {
  const folder = mkdtempSync(join(tmpdir(), "code-"));
  try {
    expect(() => builtCode("client-key.zip", [folder])).toThrow(
      "the function client-key.zip is not built: run `npm run build`",
    );
    writeFileSync(join(folder, "client-key.zip"), "x");
    expect(builtCode("client-key.zip", ["/nowhere", folder]).file).toBe(join(folder, "client-key.zip"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
