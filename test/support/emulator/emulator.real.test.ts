import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith, python } from "../toolchain";
import { signedFor, startEmulator, type Emulator } from "./emulator";

describeWith(["python"], "the emulator", () => {
  let emulator: Emulator;
  beforeAll(async () => void (emulator = await startEmulator("own-test")), 60_000);
  afterAll(() => emulator.stop());

  /** A call of a service that speaks JSON. */
  async function call(
    service: string,
    target: string,
    parameters: object,
    more: Record<string, string> = {},
  ) {
    const response = await fetch(emulator.url, {
      method: "POST",
      headers: {
        authorization: signedFor(service),
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": target,
        ...more,
      },
      body: JSON.stringify(parameters),
    });
    const text = await response.text();
    const answer = text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.status, answer, text };
  }
  const logs = (operation: string, parameters: object) =>
    call("logs", `Logs_20140328.${operation}`, parameters);
  const secrets = (operation: string, parameters: object) =>
    call("secretsmanager", `secretsmanager.${operation}`, parameters);
  const rest = (service: string, method: string, path: string, body?: string) =>
    fetch(`${emulator.url}${path}`, {
      method,
      headers: { authorization: signedFor(service) },
      ...(body !== undefined && { body }),
    });
  const reported = () => emulator.violations().map(({ problem }) => problem);

  it.each([
    ["a value that fits no pattern", { logGroupName: "a b" }, "does not fit"],
    ["a value that is too long", { logGroupName: "a".repeat(513) }, "length 513 is above 512"],
    ["a missing parameter", {}, "logGroupName is required"],
  ])("reports %s", async (_, parameters, problem) => {
    await logs("CreateLogGroup", parameters);
    expect(reported()).toContainEqual(expect.stringContaining(problem));
  });

  it("reports a number that is out of range, and an unknown enumeration", async () => {
    await secrets("GetRandomPassword", { PasswordLength: 5000 });
    expect(reported()).toContainEqual(expect.stringContaining("5000 is above 4096"));
    await rest("s3", "PUT", "/bucket", "");
    const versioning = "<VersioningConfiguration><Status>On</Status></VersioningConfiguration>";
    await rest("s3", "PUT", "/bucket?versioning", versioning);
    expect(reported()).toContainEqual(expect.stringContaining("'On' is none of ['Enabled', 'Suspended']"));
  });

  it("reports a service that it does not know, and an operation that there is not", async () => {
    await rest("quicksight", "POST", "/", "");
    await logs("CreateLogGrp", {});
    const kinds = emulator.violations().map(({ service }) => service);
    expect(kinds).toEqual(expect.arrayContaining(["UnknownService", "UnknownOperation"]));
  });

  it("has nothing to say about a request that is right", async () => {
    const before = reported().length;
    const judged = await emulator.judged();
    expect((await logs("CreateLogGroup", { logGroupName: "/acme/audit" })).status).toBe(200);
    expect(reported().length).toBe(before);
    expect(await emulator.judged()).toBe(judged + 1);
  });

  it("answers a call that is sent again as the first time, and does nothing twice", async () => {
    await logs("CreateLogGroup", { logGroupName: "/acme/again" });
    const remove = async (invocation: string) => {
      const { status, text } = await call(
        "logs",
        "Logs_20140328.DeleteLogGroup",
        { logGroupName: "/acme/again" },
        { "amz-sdk-invocation-id": invocation },
      );
      return [status, text];
    };
    const [first, meanwhile] = await Promise.all([remove("one"), remove("one")]);
    expect(first).toEqual([200, expect.any(String)]);
    expect(meanwhile).toEqual(first);
    expect(await remove("one")).toEqual(first);
    const [status, text] = await remove("two");
    expect([status, text]).toEqual([400, expect.stringContaining("ResourceNotFoundException")]);
    // A refusal is not kept.
    await logs("CreateLogGroup", { logGroupName: "/acme/again" });
    expect((await remove("two"))[0]).toBe(200);
  });

  it("tells an object that is put from one that is copied", async () => {
    const here =
      "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
    await rest("s3", "PUT", "/objects", here);
    const before = reported().length;
    expect((await rest("s3", "PUT", "/objects/key", "a line")).status).toBe(200);
    expect(await (await rest("s3", "GET", "/objects/key")).text()).toBe("a line");
    expect(reported().length).toBe(before);
  });

  it("refuses a data protection policy that only masks", async () => {
    const policyDocument = JSON.stringify({
      Statement: [{ DataIdentifier: ["x"], Operation: { Deidentify: {} } }],
    });
    const group = { logGroupIdentifier: "/acme/audit" };
    expect((await logs("PutDataProtectionPolicy", { ...group, policyDocument })).status).toBe(400);
    expect((await logs("GetDataProtectionPolicy", group)).answer["policyDocument"]).toBeUndefined();
  });

  describe("functions", () => {
    const folder = mkdtempSync(join(tmpdir(), "function-"));
    const handler = `
      const call = (operation, parameters) => fetch(process.env.AWS_ENDPOINT_URL, {
        method: "POST",
        headers: {
          authorization: ${JSON.stringify(signedFor("secretsmanager"))},
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": "secretsmanager." + operation,
        },
        body: JSON.stringify(parameters),
      });
      exports.handler = async (event) => {
        if (event.fail) throw new TypeError("no");
        const { SecretId, ClientRequestToken } = event;
        if (event.Step === "createSecret")
          await call("PutSecretValue", { SecretId, ClientRequestToken, SecretString: "new", VersionStages: ["AWSPENDING"] });
        if (event.Step === "setSecret" && process.env.CRASH) throw new Error("crash");
        if (event.Step === "finishSecret")
          await call("UpdateSecretVersionStage", { SecretId, VersionStage: "AWSCURRENT", MoveToVersionId: ClientRequestToken, RemoveFromVersionId: "${"f".repeat(32)}" });
        return { level: process.env.LEVEL };
      };`;
    const create = async (name: string, variables: Record<string, string>) => {
      writeFileSync(join(folder, "index.js"), handler);
      const zip = "import zipfile; zipfile.ZipFile('f.zip', 'w').write('index.js')";
      execFileSync(await python(), ["-c", zip], { cwd: folder });
      const response = await rest(
        "lambda",
        "POST",
        "/2015-03-31/functions",
        JSON.stringify({
          FunctionName: name,
          Role: "arn:aws:iam::123456789012:role/r",
          Runtime: "nodejs22.x",
          Handler: "index.handler",
          Code: { ZipFile: readFileSync(join(folder, "f.zip")).toString("base64") },
          Environment: { Variables: variables },
          Timeout: 10,
        }),
      );
      return ((await response.json()) as { FunctionArn: string }).FunctionArn;
    };
    beforeAll(async () => {
      const role = new URLSearchParams({
        Action: "CreateRole",
        Version: "2010-05-08",
        RoleName: "r",
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { Service: "lambda.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        }),
      });
      await fetch(emulator.url, { method: "POST", headers: { authorization: signedFor("iam") }, body: role });
    });
    const invoke = (name: string, event: object) =>
      rest("lambda", "POST", `/2015-03-31/functions/${name}/invocations`, JSON.stringify(event));
    const secret = async (name: string) => {
      const ClientRequestToken = "f".repeat(32);
      await secrets("CreateSecret", { Name: name, SecretString: "old", ClientRequestToken });
      return name;
    };
    const value = async (SecretId: string) =>
      (await secrets("GetSecretValue", { SecretId })).answer["SecretString"];

    it("run their own code with their own environment", async () => {
      await create("plain", { LEVEL: "info" });
      expect(await (await invoke("plain", {})).json()).toEqual({ level: "info" });
      const failed = await invoke("plain", { fail: true });
      expect(failed.headers.get("x-amz-function-error")).toBe("Unhandled");
      expect(await failed.json()).toMatchObject({ errorType: "TypeError", errorMessage: "no" });
    });

    it("rotate a secret in four steps", async () => {
      const RotationLambdaARN = await create("rotate", { LEVEL: "info" });
      const SecretId = await secret("rotated");
      const RotationRules = { AutomaticallyAfterDays: 30 };
      const ClientRequestToken = "a".repeat(32);
      const { status } = await secrets("RotateSecret", {
        SecretId,
        RotationLambdaARN,
        RotationRules,
        ClientRequestToken,
      });
      expect([status, await value(SecretId)]).toEqual([200, "new"]);
    });

    it("leave the current value alone when only tested, and when a step fails", async () => {
      const RotationLambdaARN = await create("crashing", { CRASH: "1" });
      const SecretId = await secret("tested");
      const rotation = { SecretId, RotationLambdaARN, RotationRules: { AutomaticallyAfterDays: 30 } };
      await secrets("RotateSecret", { ...rotation, RotateImmediately: false });
      expect(await value(SecretId)).toBe("old");
      await secrets("RotateSecret", rotation);
      expect(await value(SecretId)).toBe("old");
      const described = await secrets("DescribeSecret", { SecretId });
      expect(Object.values(described.answer["VersionIdsToStages"] as object).flat()).toContain("AWSPENDING");
    });
  });
});
