import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { HardenedMcp, McpServer, type ServerConfig } from "../../lib";
import { ServerRoute } from "../../lib/ingress/server-route";
import { sharedListenerProblems, type ListenerShare } from "../../lib/ingress/shared-listener";
import { goodConfig, goodServer } from "../support/config";

const share = (place: string, change: Partial<ListenerShare> = {}): ListenerShare => ({
  place,
  name: `acme-prod-${place}`,
  address: `mcp.example.com/${place}`,
  ...change,
});
const split = (rulesFrom: number, tools = 4) => ({
  rulesFrom,
  tools: Array.from({ length: tools }, (_, index) => `tool-${index}`),
});

describe("what servers take from each other on one listener", () => {
  test.each<[string, ListenerShare[], string[]]>([
    ["nothing", [share("a"), share("b")], []],
    [
      "the path",
      [share("a"), share("b", { address: "mcp.example.com/a" })],
      ["a and b have the same address, mcp.example.com/a"],
    ],
    [
      "the name",
      [share("a"), share("b", { name: "acme-prod-a" })],
      ["a and b have the same name, acme-prod-a"],
    ],
    [
      "priorities, in any order",
      [share("a", { split: split(1099) }), share("b", { split: split(1050) })],
      ["b and a have listener rules from 1050 and 1099, and each takes 50: set run.tasks.rulesFrom of one"],
    ],
    [
      "no priorities where the next begins behind them",
      [share("a", { split: split(1050) }), share("b", { split: split(1100) })],
      [],
    ],
    [
      "rules, of which there are 100",
      Array.from({ length: 51 }, (_, index) => share(`s${index}`, { split: split(1000 + index * 100, 3) })),
      [
        "51 servers need 102 listener rules, and one load balancer has 100: use a second platform for some of them",
      ],
    ],
    [
      "no rules when there are just enough",
      Array.from({ length: 50 }, (_, index) => share(`s${index}`, { split: split(1000 + index * 100, 3) })),
      [],
    ],
  ])("%s", (_what, shares, problems) => expect(sharedListenerProblems(shares)).toEqual(problems));
});

describe("servers of several stacks of one program", () => {
  /** The platform with one server, and a team's stack with another; what their routes say. */
  function problems(change: Partial<ServerConfig>, name = "team"): string[] {
    const app = new App({ outdir: "unused" });
    const stack = (id: string) => {
      const made = new TerraformStack(app, id);
      new AwsProvider(made, "aws", { region: "eu-west-1" });
      return made;
    };
    const mcp = new HardenedMcp(stack("platform"), "mcp", goodConfig());
    const server = { ...goodServer({ path: "/team/mcp" }), ...change, name };
    new McpServer(stack("team"), "server", { ...server, platform: mcp.platform.attributes });
    return app.node
      .findAll()
      .filter((each) => each instanceof ServerRoute)
      .flatMap((route) => route.node.validate());
  }
  test("fit beside each other", () => expect(problems({})).toEqual([]));
  test("are told that both want a path, once", () =>
    expect(problems({ path: "/notes/mcp" })).toEqual([
      "platform/mcp/server-notes and team/server have the same address, mcp.example.com/notes/mcp",
    ]));
  test("are told that both want a name", () =>
    expect(problems({}, "notes")).toEqual([
      "platform/mcp/server-notes and team/server have the same name, acme-test-notes",
    ]));
});
