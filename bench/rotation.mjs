// Prints size, load time and first call of each rotation function, from dist/ (`npm run build` first), on this machine
// and this Node, which are not Lambda's: for comparing versions of ours. The AWS SDK, which Lambda's runtime brings, is
// counted by itself. The first call is createSecret against a Secrets Manager on the loopback; for a database that is
// everything but its own statements. usage: node bench/rotation.mjs [runs]
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { deflateRawSync } from "node:zlib";
import { spawn } from "node:child_process";

const RUNS = Number(process.argv[2] ?? 7);
const ZIPS = join("dist", "runtime", "rotation");
const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:bench-AbCdEf";
const DATABASE = { host: "db.internal", port: 5432, database: "app", role: "app", users: ["app_a", "app_b"] };
const password = "x".repeat(40);
const login = (engine, url) => ({
  settings: { ...DATABASE, engine, adminSecretArn: SECRET },
  value: {
    engine,
    username: "app_a",
    password,
    host: "db.internal",
    port: 5432,
    database: "app",
    url,
    previous: null,
  },
});
const KINDS = {
  generated: {
    settings: { length: 48 },
    value: { current: "c".repeat(48), previous: "", next: "n".repeat(48) },
  },
  // Their values are made by a seed: the first call is that one.
  "client-key": { settings: { client: "bench" } },
  "tls-certificate": { settings: { name: "bench.internal", days: 120 } },
  postgres: login("postgres", `postgresql://app_a:${password}@db.internal:5432/app?sslmode=verify-full`),
  mysql: login("mysql", `mysql://app_a:${password}@db.internal:5432/app?ssl-mode=VERIFY_IDENTITY`),
};

/** Runs in a process of its own, as a cold start does. */
const PROGRAM = `
const [file, event] = process.argv.slice(1);
const started = performance.now();
require("@aws-sdk/client-secrets-manager");
const sdk = performance.now() - started;
const before = performance.now();
const { handler } = require(file);
const load = performance.now() - before;
console.log = () => {};
const calling = performance.now();
handler(JSON.parse(event)).then(() => process.stdout.write(JSON.stringify({ sdk, load, call: performance.now() - calling })),
  (error) => { process.stderr.write(error.stack + "\\n"); process.exit(1); });
`;

/** The four calls, with one version current and one pending without a value. */
function secretsManager(value) {
  const stages = { current: ["AWSCURRENT"], ["p".repeat(32)]: ["AWSPENDING"] };
  const written = {};
  if (value) written.AWSCURRENT = JSON.stringify(value);
  return createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const input = JSON.parse(Buffer.concat(parts).toString() || "{}");
      const operation = String(request.headers["x-amz-target"]).split(".")[1];
      const answer = {
        DescribeSecret: () => ({
          ARN: SECRET,
          CreatedDate: 0,
          RotationEnabled: true,
          VersionIdsToStages: stages,
        }),
        GetSecretValue: () => {
          const text = written[input.VersionStage];
          return text && { VersionId: input.VersionStage, SecretString: text, CreatedDate: 0 };
        },
        PutSecretValue: () => {
          written[input.VersionStages[0]] = input.SecretString;
          return {};
        },
      }[operation]?.();
      response.writeHead(answer ? 200 : 400, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(answer ?? { __type: "ResourceNotFoundException", message: "none" }));
    });
  });
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const folder = mkdtempSync(join(tmpdir(), "rotation-bench-"));
try {
  console.log(`Node ${process.versions.node}, median of ${RUNS} processes each`);
  console.log("kind             bundle  deflated   load  first call   (AWS SDK)");
  for (const kind of readdirSync(ZIPS).map((file) => file.replace(/\.zip$/, ""))) {
    const told = KINDS[kind];
    if (!told) {
      console.log(`${kind.padEnd(16)} not measured: no values known here`);
      continue;
    }
    mkdirSync(join(folder, kind));
    const zip = readFileSync(join(ZIPS, `${kind}.zip`));
    // One stored file: its content lies between its name and the directory.
    const content = zip.subarray(30 + zip.readUInt16LE(26), 30 + zip.readUInt16LE(26) + zip.readUInt32LE(18));
    const file = join(folder, kind, "index.js");
    writeFileSync(file, content);
    const event = told.value
      ? { Step: "createSecret", SecretId: SECRET, ClientRequestToken: "p".repeat(32) }
      : { action: "seed", secretId: SECRET };
    const results = [];
    for (let run = 0; run < RUNS; run++) results.push(await cold(file, event, told));
    const of = (name) => `${median(results.map((result) => result[name])).toFixed(0)} ms`.padStart(7);
    const kib = (bytes) => `${(bytes / 1024).toFixed(0)} KiB`.padStart(8);
    console.log(
      `${kind.padEnd(15)}${kib(content.length)}${kib(deflateRawSync(content).length)}  ${of("load")}  ${of("call")}      ${of("sdk")}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function cold(file, event, { settings, value }) {
  const server = secretsManager(value);
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const env = {
    PATH: process.env.PATH,
    NODE_PATH: resolve("node_modules"),
    SECRET_ARN: SECRET,
    MIN_AGE_SECONDS: "0",
    SETTINGS: JSON.stringify(settings),
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
    AWS_ENDPOINT_URL: `http://127.0.0.1:${server.address().port}`,
    NODE_NO_WARNINGS: "1",
  };
  const child = spawn(process.execPath, ["-e", PROGRAM, file, JSON.stringify(event)], { env });
  const parts = [];
  child.stdout.on("data", (part) => parts.push(part));
  child.stderr.pipe(process.stderr);
  const code = await new Promise((done) => child.on("close", done));
  server.close();
  if (code !== 0) throw new Error(`the first call of ${file} failed`);
  return JSON.parse(Buffer.concat(parts).toString());
}
