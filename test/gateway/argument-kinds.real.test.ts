import type { ArgumentConfig } from "../../lib/policy/config";
import { FORMATS, FORMAT_NAMES } from "../../lib/policy/formats";
import { judgeArguments } from "../../lib/policy/judge";
import type { PolicyConfig } from "../../lib/policy";
import { keyHashesVariable } from "../../lib/gateway";
import { FORMED } from "../policy/formed";
import { startGateway, type RunningGateway } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { startMcpServer, type CountingServer } from "./counting-server";
import { HOST, PATH, build, call, digest, newKey } from "./lab";

const branch = (kind: string, more: Record<string, ArgumentConfig> = {}) => ({
  type: "object" as const,
  properties: { kind: { type: "string", const: kind, required: true } as const, ...more },
});
const KINDS: Record<string, ArgumentConfig> = {
  ...Object.fromEntries(FORMAT_NAMES.map((format) => [format, { type: "string", format } as const])),
  dates: { type: "array", maxItems: 9, items: { type: "string", format: "date", nullable: true } },
  step: { type: "integer", exclusiveMinimum: 0, maximum: 100, multipleOf: 10 },
  above: { type: "number", exclusiveMinimum: 0.5, exclusiveMaximum: 2 },
  level: { type: "integer", enum: [1, 3], nullable: true },
  ratio: { type: "number", const: 0.1 },
  sure: { type: "boolean", const: true },
  tags: { type: "array", maxItems: 3, uniqueItems: true, items: { type: "string", maxLength: 2 } },
  some: {
    type: "object",
    minProperties: 1,
    maxProperties: 1,
    properties: { a: { type: "boolean" }, b: { type: "boolean" } },
  },
  pay: {
    type: "object",
    oneOf: [
      branch("card", { n: { type: "string", maxLength: 4, pattern: "[0-9]{4}", required: true } }),
      branch("cash"),
    ],
  },
};

/** Calls, right and wrong; which is which the reference says, and the table that it must say of both. */
const CALLS: [argument: string, right: unknown[], wrong: unknown[]][] = [
  ["dates", [[], ["2026-01-01", null, "2024-02-29"]], [["2026-01-01", "2026-02-30"], [1]]],
  ["step", [10, 100], [0, 15, 110, 10.5, "10", null]],
  ["above", [0.5000000000000001, 1.9999999999999998], [0.5, 2]],
  ["level", [1, 3, null], [2, "1"]],
  ["ratio", [0.1], [0.2, null]],
  ["sure", [true], [false, "true"]],
  [
    "tags",
    [["a", "b"], []],
    [
      ["a", "a"],
      ["a", "b", "a"],
      ["a", "b", "c", "d"],
    ],
  ],
  ["some", [{ a: true }], [{}, { a: true, b: true }, { c: true }]],
  [
    "pay",
    [{ kind: "card", n: "1234" }, { kind: "cash" }],
    [
      {},
      { kind: "gold" },
      { kind: "card" },
      { kind: "cash", n: "1234" },
      { kind: "card", n: "12x4" },
      { kind: null },
      null,
    ],
  ],
];

describeWith(["envoy"], "every kind of argument on a running gateway", () => {
  const key = newKey();
  let server: CountingServer;
  let gateway: RunningGateway;
  beforeAll(async () => {
    server = await startMcpServer();
    const config: PolicyConfig = {
      path: PATH,
      clients: { all: { identity: { kind: "apiKey" }, tools: ["search"], callsPerMinute: 100_000 } },
      tools: { search: { access: "read", callsPerMinute: 100_000, timeoutSeconds: 10, arguments: KINDS } },
    };
    const { container } = build(config, server.port);
    gateway = await startGateway({
      container,
      hostname: HOST,
      secrets: { [keyHashesVariable("all")]: digest(key) },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await server.stop();
  });

  const send = async (name: string, value: unknown): Promise<string> => {
    const before = server.requests;
    const { headers, body } = call("search", { [name]: value });
    const all = { ...headers, authorization: `Bearer ${key}` };
    const answer = await gateway.send({ path: PATH, headers: all, body: JSON.stringify(body) });
    return `${answer.status}, ${server.requests === before ? "stopped" : "arrived"}`;
  };

  test.each(CALLS)("%s", async (name, right, wrong) => {
    const argument = { [name]: KINDS[name] as ArgumentConfig };
    for (const value of right) {
      expect([value, judgeArguments(argument, { [name]: value })]).toEqual([value, undefined]);
      expect([value, await send(name, value)]).toEqual([value, "200, arrived"]);
    }
    for (const value of wrong) {
      expect([value, judgeArguments(argument, { [name]: value })]).toEqual([value, expect.any(String)]);
      expect([value, await send(name, value)]).toEqual([value, "400, stopped"]);
    }
  });

  // RE2 itself: what the reference believes of it is JavaScript's.
  test.each(FORMAT_NAMES)("the format %s", async (format) => {
    const argument = { type: "string", format, maxLength: FORMATS[format].maxLength } as const;
    for (const value of FORMED[format]) {
      const taken = judgeArguments({ a: argument }, { a: value }) === undefined;
      expect([value, await send(format, value)]).toEqual([value, taken ? "200, arrived" : "400, stopped"]);
    }
  });
});
