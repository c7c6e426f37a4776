import { CONTROLS } from "../../../lib/checklist/controls";
import { diff } from "../../../lib/checklist/review/diff";
import { summarise } from "../../../lib/checklist/review/summary";
import type { PolicyConfig } from "../../../lib/policy";
import { docs, orders, plan } from "../../cli/fixture";

type Servers = Record<string, PolicyConfig>;
const tell = (old: Servers, now: Servers) =>
  diff(summarise(plan(old), CONTROLS), summarise(plan(now), CONTROLS)).map(
    ({ says, widens }) => `${widens ? "+" : "-"} ${says}`,
  );

const { search, refund } = orders.tools as { search: object; refund: object };
const { "ci-bot": bot, support } = orders.clients as { "ci-bot": object; support: object };
/** A half of the server: some of its tools, with those clients who may call them. */
const half = (path: string, tools: object, clients: object, more: object = {}) =>
  ({ ...orders, path, tools, clients, ...more }) as PolicyConfig;
const reading = half(
  "/search/mcp",
  { search },
  { "ci-bot": bot, support: { ...support, tools: ["search"] } },
  { windows: {} },
);
const refunding = half("/refund/mcp", { refund }, { support: { ...support, tools: ["refund"] } });
const about = (lines: readonly string[], ...names: string[]) =>
  lines.filter((line) => names.some((name) => line.includes(name)));

describe("what moved is told once", () => {
  test("a server that is split into two", () => {
    const lines = tell({ orders }, { search: reading, refund: refunding });
    expect(lines).toContain(
      "- server `orders` is split into `refund` with `refund` and `search` with `search`",
    );
    expect(
      about(lines, "may now call", "may no longer call", "is a new client", "is new, at", "is gone"),
    ).toEqual([]);
    expect(lines.filter((line) => line.startsWith("+"))).toEqual([]);
  });
  test("a tool that moves to a server of its own", () => {
    const rest = half(
      "/orders/mcp",
      { search },
      { "ci-bot": bot, support: { ...support, tools: ["search"] } },
      { windows: {} },
    );
    const lines = tell({ orders }, { orders: rest, refund: refunding });
    expect(lines).toContain("- `refund` moved from `orders` to `refund`, which is new");
    expect(about(lines, "may now call", "may no longer call", "is a new client", "is new, at")).toEqual([]);
  });
  test("a tool that moves to a server that is there", () => {
    const rest = half("/orders/mcp", { refund }, { support: { ...support, tools: ["refund"] } });
    const more = {
      ...docs,
      auth: orders.auth,
      tools: { ...docs.tools, search },
      clients: { ...docs.clients, "ci-bot": bot, support: { ...support, tools: ["search"] } },
    } as unknown as PolicyConfig;
    const lines = tell({ orders, docs }, { orders: rest, docs: more });
    expect(lines).toContain("- `search` moved from `orders` to `docs`");
    expect(
      about(lines, "may now call", "may no longer call", "has a new tool", "no longer has the tool"),
    ).toEqual([]);
  });
  test("a server that has another name", () => {
    const lines = tell({ orders }, { sales: { ...orders, path: "/sales/mcp" } as PolicyConfig });
    expect(lines).toContain("- server `orders` is now `sales` with `refund` and `search`");
    expect(lines.filter((line) => line.startsWith("+"))).toEqual([]);
  });
});

describe("what changed besides is told", () => {
  test("somebody who may call a tool that moved, and could not before", () => {
    const wider = half(
      "/refund/mcp",
      { refund },
      { support: { ...support, tools: ["refund"] }, "ci-bot": { ...bot, tools: ["refund"] } },
    );
    expect(tell({ orders }, { search: reading, refund: wider })).toContain(
      "+ `ci-bot` may now call `refund` of `refund`",
    );
  });
  test("somebody else under the same name", () => {
    const other = {
      ...support,
      tools: ["refund"],
      identity: { kind: "jwt", claim: "client_id", equals: "other" },
    };
    const lines = tell(
      { orders },
      { search: reading, refund: half("/refund/mcp", { refund }, { support: other }) },
    );
    expect(lines).toContain("+ `support` is now known to `refund` by another equals: support-app → other");
  });
  test("a scope less, and a longer timeout", () => {
    const looser = half(
      "/refund/mcp",
      { refund: { ...refund, scopes: [], timeoutSeconds: 9 } },
      { support: { ...support, tools: ["refund"] } },
    );
    const lines = tell({ orders }, { search: reading, refund: looser });
    expect(lines).toContain("+ `refund` of `refund` no longer needs the scope `mcp:refund`");
    expect(lines).toContain("- the timeout of `refund` of `refund` changed: 5 → 9 seconds");
    expect(lines.findIndex((line) => line.startsWith("-"))).toBeGreaterThan(
      lines.findIndex((line) => line.startsWith("+")),
    );
  });
  test("a client who lost a tool on the way", () => {
    const narrow = half("/search/mcp", { search }, { "ci-bot": bot }, { windows: {} });
    const lines = tell({ orders }, { search: narrow, refund: refunding });
    expect(about(lines, "`support`")).toContain("- `support` may no longer call `search` of `search`");
  });
  test("tokens that are meant for somebody else", () => {
    const other = half(
      "/refund/mcp",
      { refund },
      { support: { ...support, tools: ["refund"] } },
      {
        auth: { jwt: { ...orders.auth?.jwt, audience: "https://other.example.com/" } },
      },
    );
    expect(
      about(tell({ orders }, { search: reading, refund: other }), "judges tokens otherwise"),
    ).toHaveLength(1);
  });
  test("a name that two servers lose has not moved", () => {
    const two = { ...docs, path: "/two/mcp" } as PolicyConfig;
    const third = { ...docs, path: "/three/mcp" } as PolicyConfig;
    const lines = tell({ docs, two }, { third });
    expect(about(lines, "moved", "is now `")).toEqual([]);
    expect(
      about(lines, "server `third` is new", "server `docs` is gone", "server `two` is gone"),
    ).toHaveLength(3);
  });
});
