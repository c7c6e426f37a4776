import { capacityOf } from "../../lib/waf/capacity";
import { is, type WafStatement } from "../../lib/waf/statement";
import { FACTS, resolve } from "./fixture";

const waiver = { waive: "tested in a closed network", until: "2027-01-31" };
const modes = (config: unknown) =>
  Object.fromEntries(
    resolve(config).model.rules.flatMap(({ name, action }) =>
      action.kind === "managed" ? [[name, action.mode]] : [],
    ),
  );

describe("defaults", () => {
  test("every managed group blocks, 600 a minute and address, logs as long as the audit record", () => {
    const { model, problems } = resolve();
    expect(problems).toEqual([]);
    expect(modes(undefined)).toEqual({
      "ip-reputation": "block",
      "anonymous-ips": "block",
      "known-bad-inputs": "block",
      "common-rules": "block",
    });
    expect(model.rules.find(({ name }) => name === "per-ip")?.statement).toEqual({
      kind: "rate",
      requests: 600,
      windowSeconds: 60,
    });
    expect(model).toMatchObject({ logs: { retainDays: 400 }, waivers: [] });
  });
  test("without known paths no path is refused", () => {
    const { paths: _unknown, ...facts } = FACTS;
    expect(resolve(undefined, { ...facts }).model.rules.some(({ name }) => name === "path")).toBe(true);
    const model = resolve(undefined, { paths: undefined as unknown as string[] }).model;
    expect(model.rules.some(({ name }) => name === "path")).toBe(false);
  });
  test("the host is compared in lower case, a token as it is", () => {
    const host = (hostname: string) =>
      JSON.stringify(
        resolve(undefined, { hostname }).model.rules.find(({ name }) => name === "host")?.statement,
      );
    expect(host("MCP.Example.com")).toContain('"mcp.example.com"');
    expect(host("${TfToken[TOKEN.1]}")).toContain('"${TfToken[TOKEN.1]}"');
  });
});

describe("protections are counted or waived one by one", () => {
  test.each([
    ["ipReputation", "ip-reputation", "waf.ip-reputation-blocks"],
    ["anonymousIps", "anonymous-ips", "waf.anonymous-ips-blocks"],
    ["knownBadInputs", "known-bad-inputs", "waf.known-bad-inputs-blocks"],
    ["commonRules", "common-rules", "waf.common-rules-blocks"],
  ])("%s", (field, rule, control) => {
    expect(modes({ [field]: "count" })[rule]).toBe("count");
    expect(modes({ [field]: waiver })[rule]).toBeUndefined();
    expect(resolve({ [field]: waiver }).model.waivers).toEqual([{ field: `waf.${field}`, control, waiver }]);
    expect(resolve({ [field]: waiver }).problems).toEqual([]);
  });
  test("logs", () => {
    const { model, problems } = resolve({ logs: waiver });
    expect(problems).toEqual([]);
    expect(model.logs).toBeUndefined();
    expect(model.waivers).toEqual([{ field: "waf.logs", control: "waf.logs-redacted", waiver }]);
  });
});

describe("each class of fault is refused", () => {
  test.each<[string, unknown, RegExp]>([
    ["an unknown field", { perIP: {} }, /^waf\.perIP .*did you mean perIp/],
    ["no object", 1, /^waf is a number.*wrong-type/],
    ["turned off with false", { ipReputation: false }, /^waf\.ipReputation is false.*waive it/],
    ["an unknown mode", { commonRules: "blok" }, /^waf\.commonRules .*did you mean block/],
    ["a mode known only later", { anonymousIps: "${var.mode}" }, /^waf\.anonymousIps .*token-not-allowed/],
    [
      "a waiver without a reason",
      { knownBadInputs: { waive: "", until: "2027-01-31" } },
      /knownBadInputs\.waive/,
    ],
    ["a waiver without a day", { logs: { waive: "no logs wanted", until: "soon" } }, /^waf\.logs\.until /],
    [
      "too few requests",
      { perIp: { requests: 9, windowSeconds: 60 } },
      /^waf\.perIp\.requests .*out-of-range/,
    ],
    [
      "a window of its own",
      { perIp: { requests: 10, windowSeconds: 90 } },
      /windowSeconds is 90, .*60, 120, 300, 600/,
    ],
    ["a rate without a window", { perIp: { requests: 10 } }, /^waf\.perIp\.windowSeconds is missing/],
    [
      "an unknown field of the rate",
      { perIp: { requests: 10, windowSeconds: 60, by: "ip" } },
      /perIp\.by .*unknown/,
    ],
    ["a retention of its own", { logs: { retainDays: 200 } }, /^waf\.logs\.retainDays is 200/],
    ["an unknown field of the logs", { logs: { days: 1 } }, /^waf\.logs\.days .*unknown-field/],
    ["capacity by a word", { acceptExtraCapacity: "yes" }, /^waf\.acceptExtraCapacity .*wrong-type/],
  ])("%s", (_class, config, message) => {
    expect(resolve(config).problems).toEqual([expect.stringMatching(message)]);
  });
  test("a text that AWS would refuse only at deployment", () => {
    const long = { paths: [`/${"a".repeat(200)}`], allowedOrigins: [`https://${"b".repeat(200)}`] };
    expect(resolve(undefined, long).problems).toEqual([
      expect.stringMatching(/in the rule path, which has 201 characters/),
      expect.stringMatching(/in the rule origin, which has 208 characters/),
    ]);
    expect(resolve(undefined, { paths: [`/${"a".repeat(199)}`] }).problems).toEqual([]);
  });
});

describe("capacity", () => {
  const query = { kind: "query" } as const;
  test.each<[string, WafStatement, number]>([
    ["size", { kind: "longer", part: query, bytes: 0 }, 1],
    ["country", { kind: "country", codes: ["IE", "GB"] }, 1],
    ["text", is(query, "x"), 2],
    ["each transform", is(query, "x", "URL_DECODE", "LOWERCASE"), 22],
    ["regex", { kind: "regex", part: query, pattern: "x", after: ["LOWERCASE"] }, 13],
    ["rate by address", { kind: "rate", requests: 10, windowSeconds: 60 }, 2],
    ["reputation", { kind: "managed", group: "AWSManagedRulesAmazonIpReputationList", counted: [] }, 25],
    ["anonymous", { kind: "managed", group: "AWSManagedRulesAnonymousIpList", counted: ["X"] }, 50],
    ["bad inputs", { kind: "managed", group: "AWSManagedRulesKnownBadInputsRuleSet", counted: [] }, 200],
    ["common", { kind: "managed", group: "AWSManagedRulesCommonRuleSet", counted: [] }, 700],
    ["not", { kind: "not", of: is(query, "x") }, 2],
    ["all", { kind: "all", of: [is(query, "x"), is(query, "y", "LOWERCASE")] }, 14],
    ["any", { kind: "any", of: [is(query, "x"), is(query, "y")] }, 4],
  ])("%s", (_what, statement, units) => expect(capacityOf(statement)).toBe(units));

  const paths = (count: number) => ({ paths: Array.from({ length: count }, (_, index) => `/${index}/mcp`) });
  test("the default with two servers", () => expect(resolve().model.capacity).toBe(1033));
  test("over the included units only where they are accepted", () => {
    expect(resolve(undefined, paths(300)).problems).toEqual([
      expect.stringMatching(
        /^waf needs 1629 capacity units \(most by common-rules 700, path 602, .*\[over-budget\]$/,
      ),
    ]);
    expect(resolve({ acceptExtraCapacity: true }, paths(300)).problems).toEqual([]);
  });
  test("over AWS's limit never", () =>
    expect(resolve({ acceptExtraCapacity: true }, paths(2100)).problems).toEqual([
      expect.stringMatching(/expected at most 5000; .*\[over-budget\]$/),
    ]));
});
