import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli } from "../io";

const HOSTILE = join(__dirname, "hostile.mjs");
let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "learn-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const stdio = (what: string, ...options: string[]) =>
  cli(folder, "learn", ...options, "--", process.execPath, HOSTILE, what);

describe("a server over stdio", () => {
  test.each(["good", "pages", "modern alone", "an answer to nobody", "questions back"])(
    "%s is learned",
    async (what) => {
      const { code, out } = await stdio(what);
      expect(code).toBe(0);
      expect(out).toMatch(/^export const tools = \{$/m);
      expect(out).not.toContain("evil");
    },
  );

  test("all pages are read", async () => {
    const { out } = await stdio("pages");
    expect([...out.matchAll(/^ {2}"(\w+)": \{$/gm)].map((match) => match[1])).toEqual(["t0", "t1", "t2"]);
  });

  test.each([
    ["endless pages", "lists its tools on more than 100 pages"],
    ["a circle", "leads in a circle: it sent the same cursor twice"],
    ["a huge cursor", "sent a cursor that is no short text"],
    ["a cursor that is no text", "sent a cursor that is no short text"],
    ["too many tools", "lists more than 1000 tools"],
    ["a tool twice", 'lists the tool "search" twice'],
    ["a tool without a name", "lists a tool without a name"],
    ["no list", "answered with no list of tools"],
    ["a huge line", "sent a line of more than 4194304 bytes"],
    ["a flood", "sent more than 16777216 bytes"],
    ["endless chatter", "sends messages that nobody asked for, without end"],
    ["deep nesting", "sent something nested more than 64 levels deep"],
    ["no JSON", 'sent something that is no JSON: "\\u001b[2Jhello"'],
    ["no JSON-RPC", "sent something that is no JSON-RPC message"],
    ["both result and error", "answered with neither a result nor an error"],
    ["an error", 'does not list its tools: error -32603, "\\u001b]0;owned\\u0007 no"'],
    ["a sudden end", 'ended with 3; its last words: "\\u001b[31mcannot go on"'],
  ])("%s ends in one clean line", async (what, says) => {
    const { code, out, err } = await stdio(what);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(`hardened-mcp: the server ${says}`);
    expect(err).toMatch(/^[\x20-\x7e]*\n$/);
  });

  test("silence ends in time, and so does the server", async () => {
    const started = performance.now();
    const { code, err } = await stdio("silence", "--timeout", "1");
    expect([code, err]).toEqual([
      2,
      "hardened-mcp: the server has not answered in 1 s over stdio; if it speaks HTTP, start it yourself and name its URL\n",
    ]);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test("a command that does not exist", async () => {
    const { code, err } = await cli(folder, "learn", "--", "no-such-server-1");
    expect([code, err]).toEqual([2, expect.stringContaining("could not be started")]);
  });

  test("it sees no variable that it was not given", async () => {
    const script = `
      require("fs").writeFileSync(process.argv[1], JSON.stringify(process.env));
      process.exit(1)`;
    const file = join(folder, "env.json");
    const command = ["--", process.execPath, "-e", script, file];
    const env = { PATH: process.env["PATH"], SECRET: "s", GIVEN: "g" };
    const { code } = await cli({ cwd: folder, env }, "learn", "--env", "GIVEN", ...command);
    const seen = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
    expect([code, seen["GIVEN"], seen["SECRET"]]).toEqual([2, "g", undefined]);
  });
});

describe("--check", () => {
  test("says nothing has changed, whatever a formatter did to the file", async () => {
    const file = join(folder, "same.ts");
    expect((await stdio("pages", "--out", "same.ts")).code).toBe(0);
    expect(await stdio("pages", "--check", "same.ts")).toMatchObject({ code: 0, err: "" });
    const other = readFileSync(file, "utf8")
      .replace(/^ {2}"t0": "all/m, "  t0:\n    'all")
      .replace(/(hints=[0-9a-f]{64})",\n {2}"t1/, "$1',\n  \"t1");
    writeFileSync(file, other);
    expect((await stdio("pages", "--check", "same.ts")).code).toBe(0);
  });
  test.each([
    ["no digests", "export const tools = {};", /has no digests/],
    ["a digest that was edited", 'export const digests = {\n "a": "all=1",\n};', /were edited/],
    ["code among the digests", 'export const digests = {\n ...evil("x"),\n};', /were edited/],
  ])("a file with %s", async (_what, text, says) => {
    writeFileSync(join(folder, "odd.ts"), text);
    const { code, err } = await stdio("good", "--check", "odd.ts");
    expect([code, err]).toEqual([2, expect.stringMatching(says)]);
  });
  test("a server that cannot be asked is 2, not 3", async () => {
    await stdio("good", "--out", "good.ts");
    expect((await stdio("a sudden end", "--check", "good.ts")).code).toBe(2);
    expect((await stdio("good", "--check", "none.ts")).code).toBe(2);
  });
  test("tells what was added and removed", async () => {
    await stdio("good", "--out", "good.ts");
    const { code, out } = await stdio("pages", "--check", "good.ts");
    expect(code).toBe(3);
    expect(out.split("\n").slice(0, 4)).toEqual([
      'tool "search": removed',
      'tool "t0": added',
      'tool "t1": added',
      'tool "t2": added',
    ]);
  });
});

describe("a server over HTTP", () => {
  /** Answers every request by one function. */
  async function serving(
    answer: (
      message: { id: number; method: string },
      request: IncomingMessage,
      response: ServerResponse,
    ) => void,
    use: (url: string) => Promise<void>,
  ) {
    const server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk) => (text += String(chunk)));
      request.on("end", () => answer(JSON.parse(text || "{}") as never, request, response));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
      await use(`http://127.0.0.1:${port}/mcp`);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
  const JSON_TYPE = { "content-type": "application/json" };
  const EVENTS = { "content-type": "text/event-stream" };
  const failing = (answer: Parameters<typeof serving>[0]) => async () => {
    let result = { code: -1, out: "", err: "" };
    await serving(answer, async (url) => void (result = await cli(folder, "learn", "--timeout", "10", url)));
    return result;
  };

  test.each([
    [
      "401",
      failing((_m, _q, r) => r.writeHead(401).end()),
      "answered 401: it wants a credential; see --header",
    ],
    [
      "a redirect",
      failing((_m, _q, r) => r.writeHead(302, { location: "http://127.0.0.1:1/" }).end()),
      "answered 302: it sends us elsewhere",
    ],
    ["a fault", failing((_m, _q, r) => r.writeHead(503).end()), "answered 503"],
    [
      "a page",
      failing((_m, _q, r) => r.writeHead(200, { "content-type": "text/html" }).end("<p>")),
      'answered 200 with "text/html"',
    ],
    [
      "neither era",
      failing((_m, _q, r) => r.writeHead(404).end()),
      "speaks no revision that we do (modern: status 404; legacy: status 404)",
    ],
    [
      "another id",
      failing((m, _q, r) =>
        r.writeHead(200, JSON_TYPE).end(JSON.stringify({ jsonrpc: "2.0", id: m.id + 1, result: {} })),
      ),
      "answered to something else than was asked",
    ],
    [
      "a body without end",
      failing((_m, _q, r) => {
        r.writeHead(200, JSON_TYPE);
        const more = () => {
          while (!r.destroyed && r.write("x".repeat(65_536)));
          if (!r.destroyed) r.once("drain", more);
        };
        more();
      }),
      "sent more than 4194304 bytes at once",
    ],
    [
      "events without end",
      failing((_m, _q, r) => {
        r.writeHead(200, EVENTS);
        const more = () => {
          while (!r.destroyed && r.write('data: {"jsonrpc":"2.0","method":"x"}\n\n'));
          if (!r.destroyed) r.once("drain", more);
        };
        more();
      }),
      "sends messages that nobody asked for, without end",
    ],
    [
      "half an event",
      failing((_m, _q, r) => r.writeHead(200, EVENTS).end('data: {"jsonrpc":')),
      "ended its stream before it had answered",
    ],
    [
      "a stream that breaks off",
      failing((_m, _q, r) => {
        r.writeHead(200, EVENTS).write("data: x");
        setTimeout(() => r.destroy(), 50);
      }),
      "cannot be reached",
    ],
  ])("%s ends in one clean line", async (_what, ask, says) => {
    const { code, out, err } = await ask();
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(`hardened-mcp: the server ${says}`);
    expect(err).toMatch(/^[\x20-\x7e]*\n$/);
  });

  test("a credential goes to it from a variable, and to nobody else", async () => {
    const seen: (string | undefined)[] = [];
    await serving(
      (_m, request, response) => {
        seen.push(request.headers.authorization);
        response.writeHead(307, { location: "/elsewhere" }).end();
      },
      async (url) => {
        const env = { MCP_TOKEN: "Bearer canary" };
        const { code, err, out } = await cli(
          { cwd: folder, env },
          "learn",
          "--header",
          "Authorization=MCP_TOKEN",
          url,
        );
        expect(code).toBe(2);
        expect(err + out).not.toContain("canary");
      },
    );
    expect(seen).toEqual(["Bearer canary"]);
  });

  test.each([
    [
      "a value in the command line",
      ["--header", "Authorization: Bearer canary", "https://x.example"],
      /stays in the variable/,
    ],
    [
      "a variable that is not set",
      ["--header", "Authorization=NONE_1", "https://x.example"],
      /NONE_1 is not set/,
    ],
    ["a credential in the clear", ["--header", "Authorization=PATH", "http://x.example"], /over https alone/],
    ["a credential in the URL", ["https://user:canary@x.example"], /the URL holds a credential/],
    ["a header for a command", ["--header", "Authorization=PATH", "--", "x"], /is for a URL/],
    ["no server", [], /name the URL/],
    ["two servers", ["https://x.example", "--", "x"], /name the URL/],
    ["no URL", ["ftp://x"], /is no URL/],
    ["both ways", ["--check", "a", "--out", "b", "https://x.example"], /name one of both/],
    ["another era", ["--era", "new", "https://x.example"], /expected one of modern, legacy/],
    ["no time", ["--timeout", "0", "https://x.example"], /expected 1 to 600/],
    ["a variable of --env that is not set", ["--env", "NONE_1", "--", "x"], /NONE_1/],
    ["nobody there", ["http://127.0.0.1:1/mcp"], /cannot be reached: "/],
  ])("%s", async (_what, args, says) => {
    const { code, out, err } = await cli({ cwd: folder, env: { PATH: "p" } }, "learn", ...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(says);
    expect(err).not.toContain("canary");
  });
});
