import { Construct } from "constructs";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Fn, Token } from "cdktf";
import { HardenedMcp, Moves, type Move } from "../../lib";
import { before, trail } from "../../lib/upgrade/paths";
import { moveAsReleased } from "../../lib/upgrade/releases";
import { goodConfig, problemsOf } from "../support/config";
import { synthPlan } from "../support/plan";

interface MovedBlock {
  readonly from: string;
  readonly to: string;
}
const movedOf = (plan: ReturnType<typeof synthPlan>): MovedBlock[] =>
  (plan.source as { moved?: MovedBlock[] }).moved ?? [];

describe("where something stood", () => {
  test.each<[string, string, string, string | undefined]>([
    ["a/x", "b", "a", "b/x"],
    ["a", "b", "a", "b"],
    ["ab/x", "b", "a", undefined],
    ["s/one/key", "t/*/key", "s/*/key", "t/one/key"],
    ["s", "t/*", "s/*", undefined],
  ])("%s, moved from %s to %s: %s", (path, from, to, expected) =>
    expect(before(path.split("/"), { from, to })?.join("/")).toBe(expected),
  );

  test("goes back over several moves, the latest first", () =>
    expect(
      trail(
        ["c", "x"],
        [
          { from: "a", to: "b" },
          { from: "b", to: "c" },
        ],
      ).map((ids) => ids.join("/")),
    ).toEqual(["c/x", "b/x", "a/x"]));
});

describe("a deployment at another place of the program", () => {
  const old = synthPlan((stack) => void new HardenedMcp(stack, "mcp", goodConfig()));
  const now = (moves: readonly Move[]) =>
    synthPlan((stack) => {
      new HardenedMcp(new Construct(stack, "tools"), "mcp", goodConfig());
      new Moves(stack, "moves", moves);
    });

  test("takes every one of its resources over, and no other", () => {
    const plan = now([{ from: "mcp", to: "tools/mcp" }]);
    const resources = (of: typeof plan) =>
      of.all.map(({ address }) => address).filter((address) => !address.startsWith("data."));
    const moved = movedOf(plan);
    expect(new Set(moved.map(({ from }) => from))).toEqual(new Set(resources(old)));
    expect(new Set(moved.map(({ to }) => to))).toEqual(new Set(resources(plan)));
    expect(moved.length).toBe(resources(old).length);
    expect(resources(old).filter((address) => resources(plan).includes(address))).toEqual([]);
  });

  test("passes every place it has had, so that an old state finds its way", () => {
    const moved = movedOf(
      now([
        { from: "first", to: "mcp" },
        { from: "mcp", to: "tools/mcp" },
      ]),
    );
    const [one] = moved.filter(({ to }) => to.startsWith("aws_lb."));
    expect(moved.filter(({ to }) => to === one?.from)).toHaveLength(1);
    expect(moved.length).toBe(
      2 *
        now([{ from: "mcp", to: "tools/mcp" }]).all.filter(({ address }) => !address.startsWith("data."))
          .length,
    );
  });

  test("says when nothing stands where something should have come", () =>
    expect(() => now([{ from: "mcp", to: "tool/mcp" }])).toThrow(
      /nothing stands at tool\/mcp, so there is nothing to move there; did you mean tools\/mcp\?/,
    ));

  test("says when the old one is still there", () =>
    expect(() =>
      synthPlan((stack) => {
        new HardenedMcp(stack, "mcp", goodConfig());
        new HardenedMcp(new Construct(stack, "tools"), "mcp", goodConfig({ name: "other" }));
        new Moves(stack, "moves", [{ from: "mcp", to: "tools/mcp" }]);
      }),
    ).toThrow(
      /aws_lb\.mcp_platform_ingress\S+ is still there, so aws_lb\.tools_mcp\S+ cannot be what it was/,
    ));

  test("leaves an address that somebody has set", () => {
    const plan = synthPlan((stack) => {
      const parameter = new SsmParameter(new Construct(stack, "new"), "it", { name: "n", type: "String" });
      parameter.overrideLogicalId("mine");
      new SsmParameter(new Construct(stack, "new2"), "it", { name: "m", type: "String" });
      new Moves(stack, "moves", [{ from: "old", to: "new2" }]);
    });
    expect(movedOf(plan).map(({ to }) => to)).toEqual([expect.stringMatching(/^aws_ssm_parameter\.new2_it/)]);
  });
});

describe("what cannot be meant is refused at once", () => {
  test.each<[string, Move[], string[]]>([
    [
      "no path",
      [{ from: "/mcp", to: "b" }],
      [
        'moved[0].from is "/mcp", expected ids of constructs with / between them, as mcp/server-notes; correct it [wrong-form]',
      ],
    ],
    [
      "a token",
      [{ from: Token.asString(Fn.lower("x")), to: "b" }],
      [
        "moved[0].from is known only at deployment; write the value itself; what is built depends on it [token-not-allowed]",
      ],
    ],
    ["a move to itself", [{ from: "b", to: "b" }], ['moved[0] begins and ends at "b"; remove it [conflict]']],
    [
      "two that end at one place",
      [
        { from: "a", to: "c" },
        { from: "b", to: "c" },
      ],
      ['moved[1].to is "c", where another move ends; keep the one that was applied [duplicate]'],
    ],
    [
      "a star without its other end",
      [{ from: "a/*", to: "b" }],
      ["moved[0] has * in one of its ends more often than in the other; write as many in both [conflict]"],
    ],
  ])("%s", (_what, moves, problems) =>
    expect(problemsOf(() => synthPlan((stack) => void new Moves(stack, "moves", moves)))).toEqual(problems),
  );
});

describe("moves of a release", () => {
  const rows = [
    { release: "0.2.0", in: "McpServer" as const, moved: [{ from: "old/*", to: "new/*" }] },
    { release: "0.2.0", in: "McpPlatform" as const, moved: [{ from: "gone", to: "elsewhere" }] },
  ];
  const made = (kind: "McpServer" | "McpPlatform") =>
    synthPlan((stack) => {
      const server = new Construct(stack, "server");
      new SsmParameter(new Construct(new Construct(server, "new"), "one"), "it", {
        name: "n",
        type: "String",
      });
      moveAsReleased(server, kind, rows);
    });

  test("are written for the constructs of their kind, from the construct's own place", () => {
    const [moved, ...others] = movedOf(made("McpServer"));
    expect(others).toEqual([]);
    expect(moved?.from).toMatch(/^aws_ssm_parameter\.server_old_one_it_[0-9A-F]{8}$/);
    expect(moved?.to).toMatch(/^aws_ssm_parameter\.server_new_one_it_[0-9A-F]{8}$/);
  });
  test("pass by a configuration that has nothing of what moved", () =>
    expect(movedOf(made("McpPlatform"))).toEqual([]));
});
