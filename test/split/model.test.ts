import type { HardenedMcpConfig, ServerConfig } from "../../lib/config";
import { resolveHardenedMcp, resolveMcpServer } from "../../lib/model";
import { ATTRIBUTES } from "../support/attributes";
import { goodConfig, isTestToken, problemsOf, TOKEN } from "../support/config";
import { splitServer, wholeServer } from "./fixture";

const problems = (servers: HardenedMcpConfig["servers"]) =>
  problemsOf(() => resolveHardenedMcp(goodConfig({ servers }), isTestToken));
const ofServer = (change: Partial<ServerConfig>) => problems({ orders: splitServer(change) });
const tasks = (change: object) => {
  const { run } = splitServer();
  return { run: { ...run, tasks: { ...run.tasks, ...change } } };
};
const { search, secret, refund } = splitServer().tools as Record<string, ServerConfig["tools"][string]>;
const tools = (entries: Record<string, unknown>): Partial<ServerConfig> => ({
  tools: entries as ServerConfig["tools"],
  clients: { agent: { identity: { kind: "apiKey" }, tools: Object.keys(entries) } },
});
/** This many tools that write, and one that reads. */
const writers = (count: number) =>
  tools({
    search,
    ...Object.fromEntries(Array.from({ length: count }, (_, i) => [`w${i}`, { ...refund, arguments: {} }])),
  });

const queue = (half: "read" | "write", more: { privateDns?: boolean }) => ({
  to: {
    privateLink: {
      service: "com.amazonaws.eu-west-1.sqs",
      allow: { actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:eu-west-1:123456789012:orders"] },
      ...more,
    },
  },
  port: 443,
  because: "orders are queued there",
  for: half,
});

test("the split and the whole are right", () => {
  expect(ofServer({})).toEqual([]);
  expect(problems({ orders: wholeServer() })).toEqual([]);
});

test("and so is a server on a platform that is described by hand", () => {
  const config = { ...splitServer(), name: "orders", platform: ATTRIBUTES };
  expect(problemsOf(() => resolveMcpServer(config, isTestToken))).toEqual([]);
});

describe("what a split asks of the rest", () => {
  test.each<[string, Partial<ServerConfig>, RegExp[]]>([
    [
      "era both",
      { era: "both" },
      [/^servers\.orders\.era is "both", and run\.tasks\.split sorts calls by the header Mcp-Name/],
    ],
    ["era by default", { era: undefined as never }, [/^servers\.orders\.era is "both"/]],
    ["era legacy", { era: "legacy" }, [/^servers\.orders\.era is "legacy"/]],
    [
      "prompts that the load balancer takes for tools that write",
      {
        methods: {
          "prompts/get": { callsPerMinute: 1, allow: ["Refund", "greeting", { startsWith: "refu-" }] },
        },
      },
      [
        /^servers\.orders\.methods\["prompts\/get"\]\.allow lets "Refund" name a prompt, and a tool that writes/,
      ],
    ],
    ["no tool that writes", tools({ search }), [/^servers\.orders\.tools has no tool that writes/]],
    ["no tool that reads", tools({ refund }), [/^servers\.orders\.tools has no tool that only reads/]],
    [
      "two tools that the load balancer cannot tell apart",
      tools({ Refund: search, refund }),
      [/^servers\.orders\.tools\.Refund differs from refund, which writes, in capitals alone/],
    ],
    ["two such tools of one half", tools({ Search: search, search: secret, refund }), []],
    [
      "a secret for nobody",
      { secrets: { key: { kind: "generated", env: "KEY" } } },
      [/^servers\.orders\.secrets\.key\.for is missing/],
    ],
    [
      "a secret for somebody else",
      { secrets: { key: { kind: "generated", env: "KEY", for: "all" as never } } },
      [/^servers\.orders\.secrets\.key\.for is "all", expected one of read, write, both/],
    ],
    [
      "a way out for nobody",
      { downstream: { db: { to: { cidr: "10.9.0.0/24" }, port: 5432, because: "orders are there" } } },
      [/^servers\.orders\.downstream\.db\.for is missing/],
    ],
    [
      "one endpoint for both",
      {
        downstream: {
          queue: {
            to: {
              privateLink: {
                service: "com.amazonaws.eu-west-1.sqs",
                allow: {
                  actions: ["sqs:SendMessage"],
                  resources: ["arn:aws:sqs:eu-west-1:123456789012:orders"],
                },
              },
            },
            port: 443,
            because: "orders are queued there",
            for: "both",
          },
        },
      },
      [/^servers\.orders\.downstream\.queue\.for is "both", and an endpoint is made for one half/],
    ],
    [
      "an endpoint for each half, one of them by the service's own name",
      { downstream: { reads: queue("read", {}), writes: queue("write", { privateDns: false }) } },
      [],
    ],
    [
      "two endpoints that take one name",
      { downstream: { reads: queue("read", {}), writes: queue("write", {}) } },
      [/^servers\.orders\.downstream\.writes takes the service's own name in the VPC, as reads does/],
    ],
    [
      "two endpoints of one half",
      { downstream: { one: queue("write", {}), two: queue("write", { privateDns: false }) } },
      [/^servers\.orders\.downstream\.two is the service of one, whose endpoint serves both/],
    ],
    [
      "users of its own",
      {
        isolation: {
          may: {
            Files: {
              kind: "s3",
              bucketArn: "arn:aws:s3:::acme-users",
              access: "read",
              because: "users have files",
            },
          },
        },
      } as Partial<ServerConfig>,
      [/^servers\.orders\.isolation asks for isolation of a split server's users/],
    ],
    ["147 tools that write", writers(147), []],
    [
      "148 tools that write",
      writers(148),
      [
        /^servers\.orders\.tools has 148 tools that write, which need 50 listener rules of 3 names each, expected at most 49/,
      ],
    ],
    [
      "another split",
      tasks({ split: "by-name" }),
      [/^servers\.orders\.run\.tasks\.split is "by-name", expected one of read-write/],
    ],
    [
      "a split that is known later",
      tasks({ split: TOKEN }),
      [/^servers\.orders\.run\.tasks\.split is known only at deployment/],
    ],
    [
      "one task that writes",
      tasks({ writing: { min: 1, max: 2 } }),
      [/^servers\.orders\.run\.tasks\.writing\.min is 1, which does not survive/],
    ],
    [
      "nine tasks that write",
      tasks({ writing: { min: 2, max: 9 } }),
      [/^servers\.orders\.run\.tasks\.writing\.max is 9, expected 1 to 8 tasks/],
    ],
    [
      "another field",
      tasks({ writing: { min: 2, max: 3, split: 1 } }),
      [/^servers\.orders\.run\.tasks\.writing\.split is not a field/],
    ],
    [
      "rules from 0",
      tasks({ rulesFrom: 0 }),
      [/^servers\.orders\.run\.tasks\.rulesFrom is 0, expected 1 to 40000/],
    ],
    [
      "rules above what AWS appends",
      tasks({ rulesFrom: 40_001 }),
      [/^servers\.orders\.run\.tasks\.rulesFrom is 40001/],
    ],
    [
      "rules from later",
      tasks({ rulesFrom: TOKEN }),
      [/^servers\.orders\.run\.tasks\.rulesFrom is known only at deployment/],
    ],
  ])("%s", (_what, change, expected) => {
    expect(ofServer(change)).toEqual(expected.map((each) => expect.stringMatching(each)));
  });
});

test("what means something only with a split is refused without", () => {
  const { run, secrets, downstream } = splitServer();
  const change = {
    run: { ...run, tasks: { min: 2, writing: { min: 2, max: 3 }, rulesFrom: 5 } },
    secrets,
    downstream,
  };
  expect(problems({ orders: wholeServer(change as Partial<ServerConfig>) })).toEqual(
    [
      "run.tasks.writing",
      "run.tasks.rulesFrom",
      "secrets.shared.for",
      "secrets.ledger.for",
      "secrets.index.for",
      "downstream.database.for",
      "downstream.ledger.for",
    ].map((field) =>
      expect.stringMatching(
        new RegExp(`^servers\\.orders\\.${field} means nothing where tasks are not split`),
      ),
    ),
  );
});

test("what is not even an object is reported once, by its own slice", () => {
  const broken = ofServer({ secrets: { key: null as never }, downstream: [] as never });
  expect(broken.filter((each) => !/^servers\.orders\.(secrets\.key|downstream)/.test(each))).toEqual([]);
  expect(broken.length).toBeGreaterThan(1);
});

describe("one load balancer", () => {
  const at = (path: string, rulesFrom?: number): ServerConfig => ({
    ...splitServer(rulesFrom === undefined ? {} : tasks({ rulesFrom })),
    path,
  });
  test("takes two split servers", () => expect(problems({ a: at("/a/mcp"), b: at("/b/mcp") })).toEqual([]));
  test("refuses priorities that meet", () => {
    expect(problems({ a: at("/a/mcp", 100), b: at("/b/mcp", 149) })).toEqual([
      expect.stringMatching(
        /^servers\.b\.run\.tasks\.rulesFrom is 149, and the 50 priorities from there meet those of a from 100/,
      ),
    ]);
    expect(problems({ a: at("/a/mcp", 100), b: at("/b/mcp", 150) })).toEqual([]);
  });
  test("tells every server that meets another one a place of its own, so that all are mended at once", () => {
    const met = { a: 1_050, b: 1_060, c: 1_050, d: 1_150 };
    const servers = (from: Record<string, number>) =>
      Object.fromEntries(Object.entries(from).map(([name, at_]) => [name, at(`/${name}/mcp`, at_)]));
    const told = problems(servers(met)).map((line) =>
      /^servers\.(\w)\.run\.tasks\.rulesFrom .* set another, such as (\d+)/.exec(line)?.slice(1),
    );
    expect(told).toEqual([
      ["b", "1250"],
      ["c", "1350"],
    ]);
    expect(problems(servers({ ...met, b: 1_250, c: 1_350 }))).toEqual([]);
  });
  test("takes a hundred rules", () => {
    // 33 rules for tools that write and one more, three times.
    const many = Object.fromEntries(
      ["a", "b", "c"].map((name, index) => [
        name,
        { ...at(`/${name}/mcp`, 1000 * (index + 1)), ...writers(98) },
      ]),
    );
    expect(problems(many)).toEqual([
      expect.stringMatching(/^servers need 102 listener rules, expected at most 100 on one load balancer/),
    ]);
  });
});

describe("what each half is resolved to", () => {
  const { main, writing } = resolveMcpServer(
    { ...splitServer(), name: "orders", platform: ATTRIBUTES },
    isTestToken,
  ).model;
  test("tasks, grants, ways and limits", () => {
    const parts = [main, writing].map((part) => ({
      half: part?.half,
      name: part?.name,
      tasks: part?.run.tasks,
      maxTasks: part?.policy.maxTasks,
      grants: part?.grants.map(({ sid }) => sid),
      ways: part?.downstream.map(({ name }) => name),
    }));
    expect(parts).toEqual([
      {
        half: "read",
        name: "orders",
        tasks: { min: 2, max: 6 },
        maxTasks: 6,
        grants: ["ReadReceipts"],
        ways: ["database"],
      },
      {
        half: "write",
        name: "orders_write",
        tasks: { min: 2, max: 3 },
        maxTasks: 3,
        grants: ["ReadReceipts", "WriteRefunds"],
        ways: ["database", "ledger"],
      },
    ]);
  });
  test("as many tasks write as read, where nothing is said", () => {
    const { run } = splitServer();
    const same = resolveMcpServer(
      {
        ...splitServer({ run: { ...run, tasks: { split: "read-write" } } }),
        name: "orders",
        platform: ATTRIBUTES,
      },
      isTestToken,
    ).model;
    expect([same.main.run.tasks, same.writing?.run.tasks]).toEqual([
      { min: 2, max: 6 },
      { min: 2, max: 6 },
    ]);
  });
});
