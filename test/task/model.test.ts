import { GATEWAY_DEFAULTS } from "../../lib/gateway/model";
import { POSTURES, type Posture } from "../../lib/posture";
import type { RunConfig } from "../../lib/task/config";
import { image, type Image } from "../../lib/task/image";
import { resolveRun } from "../../lib/task/model";
import { Check, ConfigurationError, formatProblem } from "../../lib/validation";
import { isTestToken } from "../support/config";

const DIGEST = `acme/notes@sha256:${"b".repeat(64)}`;
const IMAGE = DIGEST as Image;

function resolve(config: unknown, posture: Posture = "production") {
  const check = Check.start(isTestToken).at("run");
  const gateway = { ...GATEWAY_DEFAULTS, image: IMAGE };
  const model = resolveRun(config as RunConfig, check, {
    ...{ gateway, posture, defaults: POSTURES[posture] },
  });
  return { model, problems: check.problems.map(formatProblem) };
}

const given = (change: object) => ({ image: IMAGE, port: 3000, ...change });

test("every default is resolved", () => {
  expect(resolve(given({}))).toEqual({
    model: {
      image: IMAGE,
      port: 3000,
      tasks: { min: 2, max: 6 },
      single: false,
      cpuUnits: 512,
      memoryMib: 1024,
      architecture: "arm64",
      env: {},
      command: undefined,
      user: "65532:65532",
      writablePaths: [],
      healthPath: undefined,
      beside: {},
    },
    problems: [],
  });
  expect(resolve(given({}), "sandbox").model.tasks).toEqual({ min: 1, max: 2 });
});

test("what is given is taken", () => {
  const all = {
    image: IMAGE,
    port: 8080,
    tasks: { min: 2, max: 8 },
    cpuUnits: 1024,
    memoryMib: 3072,
    architecture: "x86_64",
    env: { LOG_LEVEL: "info", MAX_TOKENS: "400", TOKEN_URL: "https://login.example.com/token" },
    command: ["node", "server.js"],
    user: "1000:1000",
    writablePaths: ["/tmp", "/var/cache"],
    healthPath: "/health",
  };
  expect(resolve(all)).toEqual({ model: { ...all, single: false, beside: {} }, problems: [] });
});

test("what is known only at deployment is taken", () => {
  const later = "${TOKEN[1]}" as unknown as number;
  const config = given({
    tasks: { min: later },
    cpuUnits: later,
    memoryMib: later,
    user: later,
    healthPath: later,
    env: { LOG_LEVEL: later },
  });
  expect(resolve(config).problems).toEqual([]);
});

test("but not what the gateway is rendered from", () => {
  const later = "${TOKEN[1]}" as unknown as number;
  expect(resolve(given({ port: later, tasks: { max: later } })).problems).toEqual([
    expect.stringMatching(/^run\.port is known only at deployment/),
    expect.stringMatching(/^run\.tasks\.max is known only at deployment/),
  ]);
});

describe("one fault, one message", () => {
  test.each<[string, unknown, string[]]>([
    [
      "nothing at all",
      undefined,
      [
        "run is missing; set it [required]",
        'run.image is missing; name the image by digest: image("…@sha256:…") [required]',
        "run.port is missing; set it [required]",
      ],
    ],
    ["an unknown field", given({ cpu: 1 }), ["run.cpu is not a field here; remove it [unknown-field]"]],
    [
      "an image by tag, past image()",
      given({ image: "acme/notes:1.2" }),
      [
        'run.image is "acme/notes:1.2", expected REPOSITORY@sha256: and 64 hexadecimal digits; name the image by digest: image("…@sha256:…") [wrong-form]',
      ],
    ],
    ["a low port", given({ port: 80 }), ["run.port is 80, expected 1024 to 65535; raise it [out-of-range]"]],
    [
      "the gateway's port",
      given({ port: 8443 }),
      ["run.port is 8443, the gateway's own port; let the server listen on another [conflict]"],
    ],
    [
      "an architecture of its own",
      given({ architecture: "amd64" }),
      ['run.architecture is "amd64", expected one of arm64, x86_64; choose one of them [unknown-kind]'],
    ],
    [
      "an empty command",
      given({ command: [] }),
      ["run.command has 0 entries, expected at least 1; add some [too-few]"],
    ],
    [
      "a word that is too long",
      given({ command: ["a".repeat(1025)] }),
      ["run.command[0] has 1025 characters, expected at most 1024; correct it [too-long]"],
    ],
    [
      "the gateway's user",
      given({ user: "101:101" }),
      ["run.user is the gateway's own user; give the server another, as 1000:1000 [conflict]"],
    ],
    ...["root", "0", "1000", "0:1000", "1000:0"].map((user): [string, unknown, string[]] => [
      `the user ${user}`,
      given({ user }),
      [
        `run.user is "${user}", expected a numeric user and group that are not root, as 1000:1000; run the server as an ordinary user [wrong-form]`,
      ],
    ]),
    [
      "a relative folder",
      given({ writablePaths: ["tmp"] }),
      ['run.writablePaths[0] is "tmp", expected an absolute path such as /tmp; correct it [wrong-form]'],
    ],
    [
      "a folder that climbs",
      given({ writablePaths: ["/tmp/../etc"] }),
      [
        'run.writablePaths[0] is "/tmp/../etc", expected an absolute path such as /tmp; correct it [wrong-form]',
      ],
    ],
    [
      "a folder known only later",
      given({ writablePaths: ["${TOKEN[1]}"] }),
      [
        "run.writablePaths[0] is known only at deployment; write the value itself; what is built depends on it [token-not-allowed]",
      ],
    ],
    [
      "a folder twice",
      given({ writablePaths: ["/tmp", "/tmp"] }),
      ['run.writablePaths[1] is "/tmp" again; name each once [duplicate]'],
    ],
    [
      "folders that leave the server too little memory",
      given({ writablePaths: ["a", "b", "c", "d", "e", "f", "g"].map((name) => `/${name}`) }),
      [
        "run.writablePaths may take 448 MiB of memory, expected at most 384, half of the server's; use fewer, or raise memoryMib [over-budget]",
      ],
    ],
    [
      "too many folders",
      given({
        memoryMib: 4096,
        writablePaths: Array.from({ length: 11 }, (_, index) => `/data${index}`),
      }),
      ["run.writablePaths has 11 entries, expected at most 10; remove some [over-budget]"],
    ],
    [
      "a health path with a query",
      given({ healthPath: "/health?full" }),
      ['run.healthPath is "/health?full", expected a path such as /health; correct it [wrong-form]'],
    ],
  ])("%s", (_class, config, messages) => {
    expect(resolve(config).problems).toEqual(messages);
  });
});

describe("tasks", () => {
  test.each<[string, object, string[]]>([
    [
      "an unknown field",
      { min: 2, max: 3, desired: 2 },
      ["run.tasks.desired is not a field here; remove it [unknown-field]"],
    ],
    ["none", { min: 0, max: 2 }, ["run.tasks.min is 0, expected 1 to 8 tasks; raise it [out-of-range]"]],
    [
      "more than share limits",
      { min: 2, max: 9 },
      [
        "run.tasks.max is 9, expected 1 to 8 tasks; limits are shared among eight tasks at most; give each task more CPU [out-of-range]",
      ],
    ],
    [
      "bounds the wrong way round",
      { min: 4, max: 3 },
      ["run.tasks has min 4 above max 3; raise max or lower min [conflict]"],
    ],
    [
      "one task in production",
      { min: 1, max: 3 },
      ['run.tasks.min is 1, which does not survive the loss of a zone; use 2, or posture "sandbox" [unsafe]'],
    ],
  ])("%s", (_class, tasks, messages) => {
    expect(resolve(given({ tasks })).problems).toEqual(messages);
  });
  test("one task in a sandbox", () => {
    expect(resolve(given({ tasks: { min: 1, max: 1 } }), "sandbox").problems).toEqual([]);
  });
});

describe("size", () => {
  test.each<[string, object, string[]]>([
    [
      "a CPU that Fargate does not sell",
      { cpuUnits: 768 },
      [
        "run.cpuUnits is 768, expected one of 256, 512, 1024, 2048, 4096, 8192, 16384 units; choose one of them [out-of-range]",
      ],
    ],
    [
      "a memory that is not sold with it",
      { cpuUnits: 1024, memoryMib: 1024 },
      [
        "run.memoryMib is 1024, expected 2048 to 8192 in steps of 1024 MiB with 1024 CPU units; choose one of them [out-of-range]",
      ],
    ],
    [
      "a memory between steps",
      { cpuUnits: 8192, memoryMib: 17408 },
      [
        "run.memoryMib is 17408, expected 16384 to 61440 in steps of 4096 MiB with 8192 CPU units; choose one of them [out-of-range]",
      ],
    ],
    [
      "the smallest CPU with too much",
      { cpuUnits: 256, memoryMib: 3072 },
      [
        "run.memoryMib is 3072, expected 512, 1024, 2048 MiB with 256 CPU units; choose one of them [out-of-range]",
      ],
    ],
    [
      "a CPU that the gateway fills",
      { cpuUnits: 256, memoryMib: 1024 },
      ["run.cpuUnits is 256, of which the gateway takes 256; leave some for the server [conflict]"],
    ],
  ])("%s", (_class, size, messages) => {
    expect(resolve(given(size)).problems).toEqual(messages);
  });
  test("a memory that the gateway fills", () => {
    const check = Check.start(isTestToken);
    const gateway = { ...GATEWAY_DEFAULTS, image: IMAGE, memoryMib: 1024 };
    resolveRun(given({}) as RunConfig, check, {
      gateway,
      posture: "production",
      defaults: POSTURES.production,
    });
    expect(check.problems.map(formatProblem)).toEqual([
      "memoryMib is 1024, of which the gateway takes 1024; leave some for the server [conflict]",
    ]);
  });
});

describe("plain settings", () => {
  const secret =
    "looks like a secret, and plain settings stand in the task definition for all to read; declare it in secrets [unsafe]";
  test.each<[string, Record<string, string>, string]>([
    [
      "a name that is no variable",
      { "log-level": "x" },
      'run.env["log-level"] is a name, expected letters, digits and _; rename it [wrong-form]',
    ],
    ["our port", { PORT: "1" }, "run.env.PORT is a name of ours; choose another [conflict]"],
    [
      "a variable of the gateway's",
      { HMCP_X: "1" },
      "run.env.HMCP_X is a name of ours; choose another [conflict]",
    ],
    ...[
      "DB_PASSWORD",
      "github_token",
      "STRIPE_API_KEY",
      "PRIVATE_KEY",
      "AWS_SECRET_KEY",
      "CREDENTIALS",
      "SIGNING_KEY",
      "KEY",
      "AWS_ACCESS_KEY_ID",
    ].map((name): [string, Record<string, string>, string] => [
      `a name of secrets: ${name}`,
      { [name]: "x" },
      `run.env.${name} ${secret}`,
    ]),
    ["a password in a URL", { DATABASE: "postgres://app:hunter2@db/orders" }, `run.env.DATABASE ${secret}`],
    ["a token", { SESSION: "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhcHAifQ.c2ln" }, `run.env.SESSION ${secret}`],
    ["a key of a payment service", { PAY: "rk_live_0123" }, `run.env.PAY ${secret}`],
    ["a key of AWS", { ID: "AKIAIOSFODNN7EXAMPLE" }, `run.env.ID ${secret}`],
    ["a private key", { PEM: "-----BEGIN RSA PRIVATE KEY-----" }, `run.env.PEM ${secret}`],
    [
      "a value that is too long",
      { NOTE: "a".repeat(4097) },
      "run.env.NOTE has 4097 characters, expected at most 4096; correct it [too-long]",
    ],
  ])("%s", (_class, env, message) => {
    expect(resolve(given({ env })).problems).toEqual([message]);
  });
  test("a value is never repeated", () => {
    const { problems } = resolve(given({ env: { DB_PASSWORD: "hunter2", NOTE: 7 } }));
    expect(problems).toHaveLength(2);
    expect(problems.join("\n")).not.toMatch(/hunter2|7,/);
  });
});

describe("image()", () => {
  test.each([DIGEST, `registry.example.com:5000/a/b@sha256:${"0".repeat(64)}`, "${TfToken[TOKEN.1]}"])(
    "%s is taken",
    (reference) => {
      expect(image(reference)).toBe(reference);
    },
  );
  test.each([
    ["a tag", "acme/notes:latest", /named by a tag that can be moved to other code at any time/],
    ["nothing", "acme/notes", /expected REPOSITORY@sha256: and 64 hexadecimal digits/],
    ["a short digest", "acme/notes@sha256:abc", /expected REPOSITORY@sha256: and 64 hexadecimal digits/],
  ])("%s is refused", (_class, reference, says) => {
    expect(() => image(reference)).toThrow(ConfigurationError);
    expect(() => image(reference)).toThrow(says);
  });
});
