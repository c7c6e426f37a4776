import type { JwtConfig } from "../../lib/policy/config";
import { boundaryStatements } from "../../lib/access/boundary";
import { gatewayBytes, renderGateway, resolveGateway } from "../../lib/gateway";
import { KEYS_HOST, withKeysHost } from "../../lib/gateway/envoy";
import { keysBucketName } from "../../lib/key-mirror/names";
import { escapePattern } from "../../lib/policy/pattern";
import { builtCode } from "../../lib/functions/built-code";
import { s3Policy } from "../../lib/network/endpoint-policies";
import { embedded, type Block } from "../../lib/terraform/plan";
import { Check } from "../../lib/validation";
import { run, set } from "../policy/fixture";
import { readable } from "../secrets/rotation-fixture";
import { IMAGE } from "../gateway/lab";
import { mirroredPlan, mirroredServer } from "./fixture";

const plan = mirroredPlan();
const one = (type: string, mark: string): Block => {
  const found = plan.blocks(type).filter(({ name }) => name.includes(`_keys_${mark}`));
  if (found.length !== 1) throw new Error(`there are ${found.length} ${type} of ${mark}`);
  return found[0] as Block;
};
const statements = (text: unknown) =>
  (readable(embedded(text)) as { Statement: Record<string, unknown>[] }).Statement;

test("names fit S3, whatever the server is called, and no two meet", () => {
  const account = { id: "123456789012", region: "ap-southeast-1" };
  const long = keysBucketName({ prefix: "a".repeat(33) }, "b".repeat(32), account);
  expect(long).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
  expect(long).not.toBe(keysBucketName({ prefix: "a".repeat(33) }, `${"b".repeat(31)}c`, account));
});

test("the function may copy one object, and read its variables and write its log", () => {
  const rights = one("aws_iam_role_policy", "function_role_rights");
  const [copy, ...others] = statements(rights.body.policy);
  expect(copy).toEqual({
    Sid: "CopyTheKeys",
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: ["<arn>/jwks.json"],
  });
  expect(others.map(({ Action }) => Action)).toEqual([
    ["s3:ListBucket"],
    ["kms:Decrypt"],
    ["logs:CreateLogStream", "logs:PutLogEvents"],
  ]);
});

test("the schedule may call that function and nothing else", () => {
  const [call] = statements(one("aws_iam_role_policy", "schedule_role_rights").body.policy);
  expect(call).toEqual({
    Sid: "CallTheFunction",
    Effect: "Allow",
    Action: ["lambda:InvokeFunction"],
    Resource: ["<arn>"],
  });
});

test("the boundary lets these rights through", () => {
  const limits = boundaryStatements() as unknown as { Effect: string; Action: string[] }[];
  const matches = (action: string, effect: string) =>
    limits.some(
      ({ Effect, Action }) =>
        Effect === effect &&
        Action.some((pattern) => new RegExp(`^${pattern.replace(/\*/g, ".*")}$`, "i").test(action)),
    );
  for (const mark of ["function_role_rights", "schedule_role_rights"])
    for (const { Action } of statements(one("aws_iam_role_policy", mark).body.policy))
      for (const action of Action as string[])
        expect([action, matches(action, "Allow"), matches(action, "Deny")]).toEqual([action, true, false]);
});

test("the function stands outside the VPC, alone, once at a time", () => {
  const { body } = one("aws_lambda_function", "function_resource");
  expect(body.vpc_config).toBeUndefined();
  expect(body).toMatchObject({
    runtime: "nodejs22.x",
    architectures: ["arm64"],
    reserved_concurrent_executions: 1,
    environment: { variables: { JWKS_URI: "https://login.example.com/jwks", OVERLAP_MINUTES: "60" } },
  });
});

test("copies keys of other algorithms where the issuer signs with them", () => {
  const server = mirroredServer();
  const jwt = { ...server.auth?.jwt, algorithms: ["ES256", "PS256"] } as JwtConfig;
  const plan = mirroredPlan({ servers: { notes: { ...server, auth: { jwt } } } });
  const made = plan
    .blocks("aws_lambda_function")
    .find(({ body }) => JSON.stringify(body.environment ?? {}).includes("JWKS_URI"));
  expect(made?.body.environment).toMatchObject({ variables: { ALGORITHMS: "PS256 ES256" } });
});

test("our S3 endpoint lets exactly that object through, and nothing where no keys are mirrored", () => {
  const account = { id: "1", region: "eu-west-1", partition: "aws", arn: () => "" };
  expect(s3Policy(account, ["arn:aws:s3:::keys/jwks.json"]).at(-1)).toEqual({
    Sid: "KeysOfIssuers",
    Effect: "Allow",
    Principal: "*",
    Action: ["s3:GetObject"],
    Resource: ["arn:aws:s3:::keys/jwks.json"],
  });
  const endpoint = plan.blocks("aws_vpc_endpoint").find(({ body }) => body.vpc_endpoint_type === "Gateway");
  const [bucket] = plan.blocks("aws_s3_bucket").filter(({ name }) => name.includes("_keys_"));
  const named = (embedded(endpoint?.body.policy) as { Statement: { Sid: string; Resource: string[] }[] })
    .Statement;
  // The endpoint's owner knows the name before there is a bucket.
  expect(named.find(({ Sid }) => Sid === "KeysOfIssuers")?.Resource).toEqual([
    expect.stringMatching(new RegExp(`:s3:::${escapePattern(String(bucket?.body.bucket))}/jwks\\.json$`)),
  ]);
});

test("the code is the built one, and its absence is said", () => {
  expect(builtCode("mirror/key-mirror.zip").hash).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect(() => builtCode("mirror/key-mirror.zip", ["/nowhere"])).toThrow("npm run build");
});

describe("the gateway's configuration", () => {
  const gateway = resolveGateway(
    { image: IMAGE },
    Check.start(() => false),
  );
  const rendered = (kind: "inline" | "mirrored") =>
    renderGateway(
      run(
        kind === "inline"
          ? undefined
          : set("auth.jwt.keys", { kind: "mirrored", uri: "https://i.example.com/jwks" }),
      ).policy,
      gateway,
      { serverPort: 3000 },
    );
  test("is judged at its longest: no host is longer than what stands for it", () => {
    const longest = `${"b".repeat(63)}.s3.${"r".repeat(14)}.amazonaws.com.cn`;
    expect(KEYS_HOST.length).toBe(longest.length);
  });
  test("costs about as much as two keys of an issuer", () => {
    const more = gatewayBytes(rendered("mirrored")).total - gatewayBytes(rendered("inline")).total;
    console.log(`[keys] mirrored instead of one inline key: ${more} bytes of the task definition`);
    expect(more).toBeLessThan(2000);
  });
  test("names the bucket everywhere, and leads nowhere without", () => {
    const text = JSON.stringify(withKeysHost(rendered("mirrored"), "${bucket}").bootstrap);
    expect(text).not.toContain(KEYS_HOST);
    expect(text.split("${bucket}")).toHaveLength(5);
    expect(KEYS_HOST.endsWith(".invalid")).toBe(true);
  });
});

test("tasks start after the first copy", () => {
  const service = plan.blocks("aws_ecs_service")[0];
  expect(service?.body.depends_on).toContain(one("aws_lambda_invocation", "function_seed").address);
});
