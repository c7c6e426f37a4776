import { AUDIT_FIELDS } from "../../lib/alarms/alarm";
import { ALARMS, alarmsFor } from "../../lib/alarms/catalogue";
import type { AuditReason } from "../../lib/gateway/audit-line";
import { toolCallsPattern } from "../../lib/alarms/tool-calls";

test("the catalogue is this one: an alarm that is dropped is missed here", () => {
  expect(ALARMS.map(({ scope, id }) => `${scope} ${id}`)).toEqual([
    "platform firewall-blocks",
    "platform address-rate-limited",
    "platform credential-in-url",
    "platform unexpected-country",
    "platform load-balancer-errors",
    "platform tls-failures",
    "platform malformed-http",
    "platform archive-late",
    "platform archive-refused",
    "server failed-authentication",
    "server tool-denied",
    "server tool-unknown",
    "server argument-refused",
    "server rate-limited",
    "server tool-timeouts",
    "server response-refused",
    "server gateway-failed",
    "server server-errors",
    "server slow",
    "server unhealthy-task",
    "server no-healthy-task",
    "server cpu-high",
    "server memory-high",
    "server audit-silent",
  ]);
});

test("thresholds are those that were agreed", () => {
  const shown = ALARMS.map(({ id, fires, threshold, periods, periodSeconds, missing }) => [
    id,
    `${fires} ${threshold} in ${periods.bad}/${periods.of} × ${periodSeconds} s, ${missing}`,
  ]);
  expect(Object.fromEntries(shown)).toMatchObject({
    "failed-authentication": "at-least 20 in 1/1 × 300 s, notBreaching",
    "firewall-blocks": "above 500 in 2/3 × 300 s, notBreaching",
    "tool-denied": "at-least 5 in 1/1 × 300 s, notBreaching",
    "tool-unknown": "at-least 1 in 1/1 × 300 s, notBreaching",
    "response-refused": "at-least 1 in 1/1 × 300 s, notBreaching",
    "server-errors": "above 5 in 3/5 × 60 s, notBreaching",
    "load-balancer-errors": "at-least 10 in 1/1 × 300 s, notBreaching",
    "unhealthy-task": "at-least 1 in 3/3 × 60 s, notBreaching",
    "no-healthy-task": "below 1 in 2/2 × 60 s, breaching",
    "archive-late": "above 900 in 2/2 × 300 s, notBreaching",
    "audit-silent": "at-least 1 in 1/1 × 900 s, notBreaching",
  });
});

describe("every alarm", () => {
  test.each(ALARMS.map((alarm) => [alarm.id, alarm] as const))("%s can be made and read", (id, alarm) => {
    expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(ALARMS.filter((other) => other.id === id)).toHaveLength(1);
    // AWS's limit, and every part says something.
    expect(`${alarm.title}. ${alarm.why} ${alarm.then}`.length).toBeLessThanOrEqual(1024);
    for (const text of [alarm.why, alarm.then]) expect(text).toMatch(/^[A-Z].{20,}\.$/);
    expect(alarm.periods.bad).toBeLessThanOrEqual(alarm.periods.of);
    // A period is a multiple of a minute, an evaluation at most a day.
    expect(alarm.periodSeconds % 60).toBe(0);
    expect(alarm.periodSeconds * alarm.periods.of).toBeLessThanOrEqual(86_400);
    const { signal } = alarm;
    if (signal.kind === "audit-lines") {
      expect(alarm.scope).toBe("server");
      const used = signal.pattern.match(/\$\.[a-z.]+/g) ?? [];
      expect(used.length).toBeGreaterThan(0);
      for (const field of used) expect(Object.values(AUDIT_FIELDS)).toContain(field);
    }
    if (signal.kind === "calculation") {
      const names = Object.keys(signal.of);
      for (const name of names) expect(signal.expression).toMatch(new RegExp(`\\b${name}\\b`));
      for (const word of signal.expression.match(/\b[a-z]\w*/g) ?? []) expect(names).toContain(word);
    }
  });
});

describe("an audit line is counted by the alarm for it, in a model of CloudWatch's patterns", () => {
  const matches = (pattern: string, line: Record<string, unknown>): boolean =>
    [...pattern.matchAll(/\(\$\.(\w+) = (\S+)\)/g)].some(
      ([, field, value]) => line[field ?? ""] === JSON.parse(value ?? "null"),
    );
  const counting = (line: Record<string, unknown>) =>
    ALARMS.filter(({ signal }) => signal.kind === "audit-lines" && matches(signal.pattern, line)).map(
      ({ id }) => id,
    );
  const expected: Record<AuditReason, string[]> = {
    ok: [],
    "credential-missing": ["failed-authentication"],
    "credential-invalid": ["failed-authentication"],
    "client-unknown": ["failed-authentication"],
    "scope-missing": ["tool-denied"],
    "tool-unknown": ["tool-unknown"],
    "tool-denied": ["tool-denied"],
    "outside-window": ["tool-denied"],
    "argument-invalid": ["argument-refused"],
    "rate-limited": ["rate-limited"],
    busy: [],
    overloaded: [],
    "limits-unavailable": [],
    timeout: ["tool-timeouts"],
    malformed: [],
    "too-large": [],
    "method-unknown": [],
    "method-denied": ["tool-denied"],
    "object-denied": ["tool-denied"],
    // Every client's, when the key has changed with the task.
    "session-unknown": [],
    "header-mismatch": [],
    "version-unsupported": [],
    "verb-not-allowed": [],
    "origin-denied": [],
    "query-denied": [],
    "not-found": [],
    "server-unavailable": [],
    "client-gone": [],
    "gateway-stopped": [],
    "response-too-large": [],
    "response-refused": ["response-refused"],
    "response-unreadable": ["response-refused"],
    internal: ["gateway-failed"],
  };
  test.each(Object.entries(expected))("%s", (reason, ids) => {
    const status = reason.startsWith("credential") ? 401 : 200;
    expect(counting({ reason, status })).toEqual(ids);
  });
});

test("the alarm about countries is there only with countries", () => {
  const ids = (expectedCountries: string[]) =>
    alarmsFor("platform", { expectedCountries }).map(({ id }) => id);
  expect(ids(["IE"]).filter((id) => !ids([]).includes(id))).toEqual(["unexpected-country"]);
});

describe("calls per tool are counted for tools of the table alone", () => {
  test("by their names while they fit", () =>
    expect(toolCallsPattern(["search", "refund"])).toBe(
      '{ ($.call.message.tool = "refund") || ($.call.message.tool = "search") }',
    ));
  test.each([
    ["too many", Array.from({ length: 60 }, (_, index) => `tool-number-${index}`)],
    ["none", []],
  ])("by the answer: %s", (_why, tools) => {
    expect(toolCallsPattern(tools)).toBe('{ ($.reason = "ok") && ($.call.message.method = "tools/call") }');
  });
  test("never over CloudWatch's limit", () => {
    for (let count = 1; count < 60; count++) {
      const tools = Array.from({ length: count }, (_, index) => `tool-number-${index}`);
      expect(toolCallsPattern(tools).length).toBeLessThanOrEqual(1024);
    }
  });
});
