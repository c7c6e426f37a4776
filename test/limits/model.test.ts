import type { LimitsConfig } from "../../lib/limits/config";
import { LIMITS_DEFAULTS, limitsPolicy, resolveLimits, type LimitsModel } from "../../lib/limits/model";
import { resolveHardenedMcp } from "../../lib/model";
import { Check, formatProblem } from "../../lib/validation";
import { goodServer, isTestToken, problemsOf, TOKEN } from "../support/config";
import { exactLimits, limitsConfig } from "./fixture";

function resolved(config: unknown): { model: LimitsModel; problems: string[] } {
  const check = Check.start(isTestToken);
  const model = resolveLimits(config as LimitsConfig, check.at("limits"));
  return { model, problems: check.problems.map(formatProblem) };
}

describe("what is right", () => {
  it.each<[string, LimitsConfig | undefined, object]>([
    ["nothing: shared", undefined, { scope: "shared", callsPerMinutePerAddress: 3000 }],
    ["a number alone", { callsPerMinutePerAddress: 50 }, { scope: "shared", callsPerMinutePerAddress: 50 }],
    ["divided", { scope: "divided" }, { scope: "divided", callsPerMinutePerAddress: 3000 }],
    ["exact", exactLimits(), { scope: "exact", onFailure: "closed", callsPerMinutePerAddress: 3000 }],
    [
      "exact, open",
      exactLimits({ onFailure: "open", callsPerMinutePerAddress: 7 }),
      { scope: "exact", onFailure: "open", callsPerMinutePerAddress: 7 },
    ],
  ])("%s", (_what, config, policy) => {
    const { model, problems } = resolved(config);
    expect(problems).toEqual([]);
    expect(limitsPolicy(model)).toEqual(policy);
  });

  it("asks the ordinary port of the store", () => {
    expect(resolved(exactLimits()).model).toMatchObject({ store: { port: LIMITS_DEFAULTS.port } });
  });
});

const store = exactLimits().store as Extract<ReturnType<typeof exactLimits>["store"], { kind: "existing" }>;
const withStore = (change: object) => exactLimits({ store: { ...store, ...change } });
const withLogin = (change: object) => withStore({ login: { ...store.login, ...change } });

describe("what is wrong is told by its name", () => {
  it.each<[unknown, string]>([
    [3, "limits is a number"],
    [{ scope: "fleet" }, "limits.scope is"],
    [{ scop: "shared" }, "limits.scop is not a field here; did you mean scope?"],
    [{ scope: "shared", onFailure: "open" }, "limits.onFailure is not a field here"],
    [{ scope: "divided", image: "x" }, "limits.image is not a field here"],
    [{ callsPerMinutePerAddress: 0 }, "limits.callsPerMinutePerAddress is 0, expected 1 to 1000000"],
    [{ callsPerMinutePerAddress: 1.5 }, "limits.callsPerMinutePerAddress is 1.5"],
    [{ callsPerMinutePerAddress: TOKEN }, "limits.callsPerMinutePerAddress is known only at deployment"],
    [{ ...exactLimits(), image: "ratelimit:latest" }, "limits.image is"],
    [{ ...exactLimits(), onFailure: undefined }, "limits.onFailure is missing; say what calls meet"],
    [{ ...exactLimits(), onFailure: "maybe" }, "limits.onFailure is"],
    [{ ...exactLimits(), store: undefined }, "limits.store is missing"],
    [{ ...exactLimits(), store: { kind: "redis" } }, "limits.store.kind is"],
    [withStore({ password: "x" }), "limits.store.password is not a field here"],
    [withStore({ host: "10.0.0.1" }), 'limits.store.host is "10.0.0.1", expected a DNS name'],
    [withStore({ host: TOKEN }), "limits.store.host is known only at deployment"],
    [withStore({ port: 70000 }), "limits.store.port is 70000"],
    [withStore({ port: TOKEN }), "limits.store.port is known only at deployment"],
    [withStore({ securityGroupId: "limits" }), "limits.store.securityGroupId is"],
    [withStore({ login: undefined }), "limits.store.login is missing; name the secret of its password"],
    [withLogin({ secretArn: "limits" }), "limits.store.login.secretArn is"],
    [withLogin({ field: "a:b" }), "limits.store.login.field is"],
    [withLogin({ keyArn: "key" }), "limits.store.login.keyArn is"],
    [withLogin({ value: "secret" }), "limits.store.login.value is not a field here"],
  ])("%#: $1", (config, says) => {
    const { problems } = resolved(config);
    expect(problems).toEqual([expect.stringContaining(says)]);
  });
});

describe("rules with the rest of the server", () => {
  const problems = (change: Parameters<typeof goodServer>[0]) =>
    problemsOf(() =>
      resolveHardenedMcp(limitsConfig({ servers: { orders: goodServer(change) } }), isTestToken),
    );
  const { run, tools, clients } = goodServer();
  const search = tools["search"] as (typeof tools)[string];
  const assistant = clients["assistant"] as (typeof clients)[string];

  it("are kept", () => {
    expect(problems({ limits: exactLimits() })).toEqual([]);
    expect(problems({ tools: { search: { ...search, callsAtOncePerTask: 4 } } })).toEqual([]);
  });

  it("a task that the gateway and the service fill", () => {
    const { gateway } = limitsConfig();
    const config = limitsConfig({ gateway: { ...gateway, cpuUnits: 448, memoryMib: 960 } });
    expect(problemsOf(() => resolveHardenedMcp(config, isTestToken))).toEqual([
      expect.stringContaining("servers.orders.run.cpuUnits is 512, of which the gateway and the service"),
      expect.stringContaining("servers.orders.run.memoryMib is 1024, of which the gateway and the service"),
    ]);
  });

  it.each<[string, Parameters<typeof goodServer>[0], string]>([
    [
      "a task without room for the service",
      { limits: exactLimits(), run: { ...run, cpuUnits: 256, memoryMib: 512 } },
      "run.cpuUnits is 256, of which the gateway takes 256",
    ],
    [
      "a port of the service",
      { limits: exactLimits(), run: { ...run, port: 8481 } },
      "run.port is 8481, a port of the service of exact limits",
    ],
    [
      "calls at once out of range",
      { tools: { search: { ...search, callsAtOncePerTask: 257 } } },
      "tools.search.callsAtOncePerTask is 257, expected 1 to 256 calls at once",
    ],
    [
      "calls at once of a client",
      { clients: { assistant: { ...assistant, callsAtOncePerTask: 0 } } },
      "clients.assistant.callsAtOncePerTask is 0, expected 1 to 256 calls at once",
    ],
    [
      "calls at once of a client and of its tool",
      {
        clients: { assistant: { ...assistant, callsAtOncePerTask: 3 } },
        tools: { search: { ...search, callsAtOncePerTask: 4 } },
      },
      "clients.assistant.callsAtOncePerTask is set, and so is that of its tool search: a call is counted in one place",
    ],
  ])("%s", (_what, change, says) => {
    expect(problems(change)).toEqual([expect.stringContaining(says)]);
  });
});
