import type { IngressConfig } from "../../lib/ingress/config";
import { resolveIngress } from "../../lib/ingress/model";
import { TLS_POLICIES } from "../../lib/ingress/tls-policies";
import type { Lifecycle } from "../../lib/posture";
import { isToken } from "../../lib/terraform";
import { Check, formatProblem } from "../../lib/validation";

function resolve(config?: unknown, lifecycle: Lifecycle = "protected") {
  const check = Check.start(isToken);
  const model = resolveIngress(config as IngressConfig, check.at("ingress"), { lifecycle });
  if (model.kind !== "new") throw new Error("it is not made here");
  return { model, problems: check.problems.map(formatProblem) };
}

const waiver = { waive: "sandbox, nobody calls", until: "2026-12-31" };

test("the defaults are safe", () => {
  expect(resolve()).toEqual({
    model: {
      kind: "new",
      tls: "strict",
      idleSeconds: 300,
      clientKeepAliveSeconds: 3600,
      logs: { kind: "new", retainDays: 400 },
      deletionProtection: true,
      waivers: [],
    },
    problems: [],
  });
});

test("every field is taken as it is", () => {
  const config = {
    tls: "reach-fips",
    idleSeconds: 4000,
    clientKeepAliveSeconds: 60,
    logs: { retainDays: 1 },
    deletionProtection: "off",
  };
  expect(resolve(config)).toEqual({
    model: {
      kind: "new",
      ...config,
      logs: { kind: "new", retainDays: 1 },
      deletionProtection: false,
      waivers: [],
    },
    problems: [],
  });
});

test.each([
  ["protected", undefined, true],
  ["disposable", undefined, false],
  ["disposable", "on", true],
  ["protected", "off", false],
] as const)("a %s load balancer with protection %s", (lifecycle, deletionProtection, expected) => {
  const config = deletionProtection === undefined ? {} : { deletionProtection };
  expect(resolve(config, lifecycle).model.deletionProtection).toBe(expected);
});

test("logs are waived in the open, with the control that it concerns", () => {
  const { model, problems } = resolve({ logs: waiver });
  expect(problems).toEqual([]);
  expect(model.logs).toBeUndefined();
  expect(model.waivers).toEqual([{ control: "ingress.lb-logs", waiver }]);
});

test("numbers may be known later, unless other numbers follow from them", () => {
  const token = "${var.seconds}" as unknown as number;
  expect(resolve({ logs: { retainDays: token } }).problems).toEqual([]);
  expect(resolve({ idleSeconds: token }).problems).toEqual([
    "ingress.idleSeconds is known only at deployment; write the value itself; what is built depends on it [token-not-allowed]",
  ]);
});

test("the list of TLS policies is closed: none takes less than 1.2", () => {
  for (const [name, policy] of Object.entries(TLS_POLICIES)) {
    expect(policy).toMatch(
      name.startsWith("strict") ? /^ELBSecurityPolicy-TLS13-1-3-/ : /^ELBSecurityPolicy-TLS13-1-2-Res-/,
    );
    expect(policy.includes("FIPS")).toBe(name.endsWith("fips"));
    expect(policy.includes("-PQ-")).toBe(!name.endsWith("classic"));
  }
});

test.each<[string, unknown, string[]]>([
  ["a text", "strict", ["ingress is a string, expected an object"]],
  ["a misspelt field", { idleSecond: 5 }, ["ingress.idleSecond", "did you mean idleSeconds?"]],
  [
    "AWS's own name",
    { tls: "ELBSecurityPolicy-2016-08" },
    ["ingress.tls", "expected one of strict, reach", "[unknown-kind]"],
  ],
  ["a misspelt policy", { tls: "strickt" }, ["did you mean strict?"]],
  ["a policy known later", { tls: "${var.tls}" }, ["ingress.tls", "[token-not-allowed]"]],
  ["no idle time", { idleSeconds: 0 }, ["ingress.idleSeconds is 0, expected 1 to 4000 seconds"]],
  ["too long an idle time", { idleSeconds: 5000 }, ["ingress.idleSeconds is 5000", "keep-alives"]],
  ["too short a keep-alive", { clientKeepAliveSeconds: 59 }, ["expected 60 to 604800 seconds"]],
  ["too long a keep-alive", { clientKeepAliveSeconds: 604801 }, ["expected 60 to 604800 seconds"]],
  [
    "logs for no time",
    { logs: { retainDays: 0 } },
    ["ingress.logs.retainDays is 0, expected 1 to 3650 days"],
  ],
  ["logs for ever", { logs: { retainDays: 3651 } }, ["expected 1 to 3650 days"]],
  ["logs off", { logs: false }, ["ingress.logs is a boolean, expected an object"]],
  ["a stray field of logs", { logs: { prefix: "mine" } }, ["ingress.logs.prefix is not a field"]],
  [
    "a bucket by its name",
    { logs: { bucket: "mine" } },
    ["ingress.logs.bucket is a string, expected an object"],
  ],
  ["a waiver without a reason", { logs: { waive: "no", until: "2026-12-31" } }, ["ingress.logs.waive"]],
  ["a waiver for ever", { logs: { waive: "nobody calls" } }, ["ingress.logs.until is missing"]],
  ["half a protection", { deletionProtection: "maybe" }, ["ingress.deletionProtection", "[unknown-kind]"]],
  [
    "a protection known later",
    { deletionProtection: "${var.x}" },
    ["deletionProtection", "[token-not-allowed]"],
  ],
])("%s is refused", (_name, config, expected) => {
  const { problems } = resolve(config);
  expect(problems.length).toBeGreaterThan(0);
  for (const text of expected) expect(problems.join("\n")).toContain(text);
});
