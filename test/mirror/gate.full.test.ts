import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { s3Store } from "../../lib/runtime/mirror/s3-store";
import { readAllowList } from "../support/allow-lists";
import { freshBuild } from "../support/built";
import { forEmulator } from "../support/emulated";
import { clientOf, signedFor, startEmulator, type Emulator } from "../support/emulator/emulator";
import { scratch } from "../support/scratch";
import { TerraformRun } from "../support/terraform";
import { describeWith } from "../support/toolchain";
import { SERVICE, writeMirrorStack } from "./gate-stack";
import { HttpsServer } from "./issuer-server";
import { rsa } from "./jwk";

/** All of it takes 90 seconds of an idle machine, most of it Terraform's; a step may wait for a busy one. */
const BUDGET = 180_000;
const CANARY = "canary-71c0ffee";

describeWith(["terraform", "python"], "a first deployment with mirrored keys", () => {
  const [a, b] = [rsa("a"), rsa("b")];
  let emulator: Emulator;
  let issuer: HttpsServer;
  let run: TerraformRun;
  let s3: S3Client;
  beforeAll(async () => {
    await freshBuild();
    issuer = await HttpsServer.start();
    emulator = await startEmulator("mirror");
    const emulated = await forEmulator(
      writeMirrorStack(scratch("mirror-written"), issuer.uri),
      "mirror",
      emulator,
    );
    trust(emulated.file, issuer.pair.certificate);
    run = await TerraformRun.start(emulated.file, { name: "mirror", ...emulated });
    s3 = new S3Client({ ...clientOf(emulator), forcePathStyle: true });
  }, 180_000);
  afterAll(async () => {
    await emulator.stop();
    await issuer.stop();
  });

  /** The issuer's certificate is its own authority: only the function's trust is the test's, nothing of its code. */
  const trust = (file: string, certificate: string) => {
    const ca = join(scratch("mirror-ca"), "ca.pem");
    writeFileSync(ca, certificate);
    const stack = JSON.parse(readFileSync(file, "utf8")) as {
      resource: {
        aws_lambda_function: Record<string, { environment: { variables: Record<string, string> } }>;
      };
    };
    for (const { environment } of Object.values(stack.resource.aws_lambda_function))
      environment.variables.NODE_EXTRA_CA_CERTS = ca;
    writeFileSync(file, JSON.stringify(stack));
  };
  const bucketName = async () => {
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    return Buckets.map(({ Name = "" }) => Name).find((name) => name.includes("orders-keys")) ?? "";
  };
  const object = async () => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: await bucketName(), Key: "jwks.json" }));
    return JSON.parse((await Body?.transformToString()) ?? "") as {
      keys: { kid: string }[];
      mirror: { withdrawn: Record<string, string> };
    };
  };
  const kids = async () => (await object()).keys.map(({ kid }) => kid);
  const invoke = async (event: object) => {
    const authorization = signedFor("lambda");
    const path = "/2015-03-31/functions/acme-test-orders_keys/invocations";
    const response = await fetch(`${emulator.url}${path}`, {
      method: "POST",
      headers: { authorization },
      body: JSON.stringify(event),
    });
    return response.text();
  };

  it(
    "stops where the issuer has no keys, in one message that quotes nothing, before the service",
    async () => {
      issuer.serve(`<html>${CANARY}</html>`);
      const { errors } = await run.apply();
      expect(errors).toHaveLength(1);
      const told = errors.map(({ summary, detail }) => `${summary} ${detail}`).join();
      expect(told).toContain("what the issuer answered is not JSON");
      expect(told).not.toContain(CANARY);
      expect(await run.state()).not.toContain(SERVICE);
    },
    BUDGET,
  );

  it(
    "goes on once there are some, and starts the service with them",
    async () => {
      issuer.serve({ keys: [a, b] });
      const { errors } = await run.apply();
      expect(errors).toEqual([]);
      expect(await run.state()).toContain(SERVICE);
      expect(await bucketName()).toBe("acme-test-orders-keys-123456789012-eu-west-1");
      expect(await kids()).toEqual(["a", "b"]);
    },
    BUDGET,
  );

  it("keeps a withdrawn key, forgets it when told, and keeps all when the issuer fails", async () => {
    issuer.serve({ keys: [b] });
    expect(await invoke({ action: "mirror" })).toBe("{}");
    expect(await kids()).toEqual(["a", "b"]);
    expect(Object.keys((await object()).mirror.withdrawn)).toEqual(["a"]);
    issuer.serve({ keys: [] });
    expect(await invoke({ action: "mirror" })).toContain("no RSA key");
    expect(await kids()).toEqual(["a", "b"]);
    issuer.serve({ keys: [b] });
    expect(await invoke({ action: "withdraw" })).toBe("{}");
    expect(await kids()).toEqual(["b"]);
  }, 30_000);

  it("does not write over what somebody else has written meanwhile", async () => {
    const Bucket = await bucketName();
    const store = s3Store(Bucket, s3);
    const found = await store.read();
    await s3.send(new PutObjectCommand({ Bucket, Key: "jwks.json", Body: "{}" }));
    await expect(store.write("mine", found?.etag)).rejects.toThrow("somebody else has written");
    await expect(store.write("mine", undefined)).rejects.toThrow("somebody else has written");
    await store.write('{"keys":[]}', (await store.read())?.etag);
  }, 30_000);

  it(
    "leaves an empty plan, and is taken down with what is in the bucket",
    async () => {
      const allowed = readAllowList("residues");
      const differences = (await run.plan()).flatMap(({ type, actions, attributes }) =>
        actions.join() === "update"
          ? attributes.map((attribute) => `${type}.${attribute}`)
          : [`${actions.join()} ${type}`],
      );
      expect(differences.filter((each) => allowed[each] === undefined)).toEqual([]);
      const { errors } = await run.destroy();
      expect(errors).toEqual([]);
      // The function's PutObject has the method and path of CopyObject, and is judged as one.
      const others = emulator.violations().filter(({ operation }) => operation !== "CopyObject");
      expect(others).toEqual([]);
    },
    BUDGET,
  );
});
