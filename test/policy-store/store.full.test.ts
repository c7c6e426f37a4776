import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { gatewayContainer, keyHashesVariable, renderGateway, resolveGateway } from "../../lib/gateway";
import { fitGateway, gatewayBytes } from "../../lib/gateway/budget";
import { GATEWAY } from "../../lib/gateway/contract";
import { buildPolicy, type PolicyConfig } from "../../lib/policy";
import { pieceVariables, storedText } from "../../lib/policy-store/model";
import { PolicyStore } from "../../lib/policy-store/policy-store";
import { json } from "../../lib/terraform";
import { Check } from "../../lib/validation";
import { digest, HOST, IMAGE, newKey } from "../gateway/lab";
import { forEmulator } from "../support/emulated";
import { clientOf, startEmulator, type Emulator } from "../support/emulator/emulator";
import { startGateway, type StartableContainer } from "../support/envoy";
import { testDeployment } from "../support/plan";
import { scratch } from "../support/scratch";
import { TerraformRun } from "../support/terraform";
import { describeWith } from "../support/toolchain";

/** Most seconds, on a busy machine; together below 60 on two idle cores. */
const BUDGET_S = { start: 60, apply: 150, size: 20 };

const check = () => Check.start(() => false);
const gateway = resolveGateway({ image: IMAGE }, check());

/** Tools × clients, each client with all tools. */
function many(tools: number, clients: number): PolicyConfig {
  const names = Array.from({ length: tools }, (_, index) => `tool_${index}`);
  const query = { type: "string", maxLength: 400, pattern: "[a-z]+" } as const;
  return {
    path: "/many/mcp",
    tools: Object.fromEntries(
      names.map((name) => [
        name,
        { access: "read" as const, callsPerMinute: 60, timeoutSeconds: 10, arguments: { query } },
      ]),
    ),
    clients: Object.fromEntries(
      Array.from({ length: clients }, (_, index) => [
        `client-${index}`,
        { identity: { kind: "apiKey" as const }, tools: names },
      ]),
    ),
  };
}

function rendered(config: PolicyConfig) {
  const facts = { hostname: HOST, maxBodyKib: 64, maxTasks: 6 };
  return renderGateway(buildPolicy("many", config, facts, check()), gateway, { serverPort: 9 });
}

describeWith(["terraform", "python"], "a stored policy that changes, deployed", () => {
  let emulator: Emulator;
  let run: TerraformRun;
  const file = (name: string, tools: number): string => {
    const outdir = scratch(name);
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "store");
    new AwsProvider(stack, "aws", { region: "eu-west-1" });
    const store = new PolicyStore(stack, "policy", {
      on: testDeployment(stack),
      name: "many",
      texts: [storedText("policy", rendered(many(tools, 1)))],
      keyArn: "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    });
    const task = new EcsTaskDefinition(stack, "task", {
      family: "many",
      containerDefinitions: json([
        { name: "gateway", image: IMAGE, memory: 128, secrets: store.injected, essential: true },
      ]),
    });
    new TerraformOutput(stack, "value-from", { value: store.injected[0]?.valueFrom }).overrideLogicalId(
      "from",
    );
    new TerraformOutput(stack, "revision", { value: task.revision }).overrideLogicalId("revision");
    app.synth();
    return join(outdir, "stacks", "store", "cdk.tf.json");
  };

  beforeAll(async () => {
    emulator = await startEmulator("policy-store");
    await emulator.seed({ region: "eu-west-1" });
    const emulated = await forEmulator(file("policy-store-1", 1), "policy-store", emulator);
    run = await TerraformRun.start(emulated.file, { name: "policy-store", ...emulated });
  }, BUDGET_S.start * 1000);
  afterAll(() => emulator.stop());

  const valueOf = async (from: string): Promise<string> => {
    const client = new SecretsManagerClient(clientOf(emulator));
    const [SecretId, VersionId] = from.split(":::");
    return (await client.send(new GetSecretValueCommand({ SecretId, VersionId }))).SecretString ?? "";
  };

  it(
    "is a new version and a new revision each time, and every revision still finds its own",
    async () => {
      const seen: { from: string; revision: number }[] = [];
      for (const tools of [1, 2, 3]) {
        if (tools > 1)
          run.replace(
            (await forEmulator(file(`policy-store-${tools}`, tools), `policy-store-${tools}`, emulator)).file,
          );
        const { errors, seconds } = await run.apply();
        process.stderr.write(`[store] applied in ${seconds.toFixed(0)} s\n`);
        expect(errors).toEqual([]);
        const { from, revision } = await run.outputs();
        seen.push({ from: String(from), revision: Number(revision) });
      }
      expect((await run.plan()).filter(({ type }) => type.startsWith("aws_secretsmanager"))).toEqual([]);
      expect(new Set(seen.map(({ from }) => from)).size).toBe(3);
      expect(seen.map(({ revision }) => revision)).toEqual([1, 2, 3]);
      for (const [index, { from }] of seen.entries())
        expect(Object.keys((JSON.parse(await valueOf(from)) as { tools: object }).tools)).toHaveLength(
          index + 1,
        );
    },
    BUDGET_S.apply * 1000,
  );
});

describeWith(["envoy"], "the size of a gateway", () => {
  test.each([
    [10, 5],
    [50, 20],
    [200, 50],
  ])(
    "%i tools, %i clients",
    async (tools, clients) => {
      const config = many(tools, clients);
      const parts = rendered(config);
      const stored = fitGateway(parts, check());
      const values = Object.fromEntries([
        ...Object.keys(config.clients).map((name) => [keyHashesVariable(name), digest(newKey())] as const),
        ...stored.flatMap((text) =>
          pieceVariables(text).map((name, index) => [name, text.pieces[index] as string] as const),
        ),
      ]);
      const names = [GATEWAY.env.tlsCertificate, GATEWAY.env.tlsKey, ...Object.keys(values)];
      const container = gatewayContainer({
        ...{ gateway, rendered: parts, stored, logGroupName: "audit", region: "eu-west-1" },
        secrets: names.map((name) => ({ name, valueFrom: `arn:${name}` })),
      }) as unknown as StartableContainer;
      const began = performance.now();
      const running = await startGateway({ container, secrets: values, hostname: HOST });
      const ready = performance.now() - began;
      const status = readFileSync(`/proc/${running.pid}/status`, "utf8");
      const memory = Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
      await running.stop();
      const { total } = gatewayBytes(parts, stored);
      process.stderr.write(
        `[size] ${tools} × ${clients}: task definition ${total} bytes of the gateway, policy ${Buffer.byteLength(parts.policyJson)} ` +
          `(${stored.map(({ id, pieces }) => `${id} stored in ${pieces.length}`).join(", ") || "inline"}), ` +
          `ready in ${ready.toFixed(0)} ms, ${memory} MiB resident\n`,
      );
      expect(ready).toBeLessThan(10_000);
      // The container's default is 256 MiB.
      expect(memory).toBeLessThan(160);
    },
    BUDGET_S.size * 1000,
  );
});
