import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { freePort, startGateway } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { TestIssuer } from "../support/tokens";
import { BAD_SERVERS } from "./bad-servers-cases";
import { startBadServerLab, type BadServerLab } from "./bad-servers-lab";
import { MAY_GROW_MIB, memoryOf } from "./flood-lab";
import { HOST, PATH, URL_OF_SERVER, build, call, digest, newKey, orders } from "./lab";
import { keyHashesVariable } from "../../lib/gateway";
import { until } from "./streams-lab";

/** Their tool may be called 600 times a minute, which a fast machine would reach. */
const BETWEEN_OTHERS_MS = 50;

describeWith(["envoy"], "servers that misbehave, behind a running gateway", () => {
  let lab: BadServerLab;
  let before = 0;
  beforeAll(async () => {
    lab = await startBadServerLab();
    await lab.another();
    before = memoryOf(lab.gateway.pid);
  });
  afterAll(() => lab.stop());

  it.each(Object.entries(BAD_SERVERS))(
    "%s: one clear error in time, one line; others are served",
    async (_class, cases) => {
      let lasts = true;
      const asked = Promise.all(cases.map((given) => lab.ask(given))).finally(() => (lasts = false));
      const others: number[] = [];
      while (lasts) {
        others.push(await lab.another());
        await setTimeout(BETWEEN_OTHERS_MS);
      }
      const seen = (await asked).map(({ gets, reason, envoy, ends }, index) => ({
        ...{ what: cases[index]?.what, gets, reason, envoy, ends },
      }));
      expect(seen).toEqual(
        cases.map(({ what, gets, reason, envoy, late }) => ({
          ...{ what, gets, reason, envoy, ends: late ? "with it" : "before" },
        })),
      );
      expect(new Set(others)).toEqual(new Set([200]));
    },
  );

  it("send nobody elsewhere, and leave nothing to be sent back", async () => {
    const writes = BAD_SERVERS["odd, but clear"]?.find(({ protection }) => protection === "places")?.writes;
    const { headers } = await lab.ask({ writes: writes ?? (() => undefined) });
    expect(headers).toContain("content-type");
    expect(headers.filter((name) => ["location", "set-cookie", "refresh"].includes(name))).toEqual([]);
  });

  it("leave no memory behind that grows with them", () => {
    expect(memoryOf(lab.gateway.pid) - before).toBeLessThan(MAY_GROW_MIB);
  });

  describe("the official client", () => {
    it.each([
      ["slow", "nothing", -31408],
      ["flooding", "JSON without end", -31502],
      ["flooding", "an event without end", -31502],
      ["no HTTP", "another protocol", 502],
      ["no status of an answer", "elsewhere, without a body", 502],
      ["ending", "before it says anything", 503],
    ])("is told of %s: %s", async (of, what, code) => {
      const client = new Client(
        { name: "test", version: "1.0.0" },
        { versionNegotiation: { mode: { pin: "2026-07-28" } } },
      );
      const transport = new StreamableHTTPClientTransport(new URL(URL_OF_SERVER), {
        fetch: lab.gateway.fetch,
        requestInit: { headers: { authorization: `Bearer ${lab.key}` } },
      });
      await client.connect(transport);
      lab.server.otherwise(BAD_SERVERS[of]?.find((one) => one.what === what)?.writes);
      lab.gateway.clear();
      const error: unknown = await client
        .callTool({ name: "slow", arguments: {} })
        .catch((error: unknown) => error);
      lab.server.otherwise(undefined);
      expect(JSON.stringify(error)).toContain(`${code}`);
      // By the gateway's own clock: the servers in this process write as much as they can.
      expect((await lab.gateway.lines(1))[0]?.ms).toBeLessThan(2000);
      await client.close();
    });
  });
});

const PROGRAM = join(__dirname, "ending-server.mjs");

describeWith(["envoy"], "a server that is killed in a call", () => {
  it("its callers hear of it at once, the gateway stays up, and the next server is found", async () => {
    const [port, key] = [await freePort(), newKey()];
    const start = async (): Promise<ChildProcess> => {
      const child = spawn(process.execPath, [PROGRAM], {
        env: { ...process.env, PORT: `${port}`, ENDS: "never" },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ready = new Promise((resolve) => child.stdout?.once("data", resolve));
      child.stdout?.on("data", (part) => (said += String(part)));
      await ready;
      return child;
    };
    let said = "";
    const first = await start();
    const config = orders(new TestIssuer());
    const { slow } = config.tools;
    if (slow === undefined) throw new Error("the lab has no tool slow");
    const patient = { ...config, tools: { ...config.tools, slow: { ...slow, timeoutSeconds: 60 } } };
    const { container } = build(patient, port);
    const secrets = {
      [keyHashesVariable("ci-bot")]: digest(key),
      [keyHashesVariable("narrow")]: digest(newKey()),
    };
    const gateway = await startGateway({ container, hostname: HOST, secrets });
    const health = async () => (await gateway.send({ method: "GET", path: "/healthz" })).status;
    const work = (seconds: number) => {
      const { headers, body } = call("slow", { seconds });
      return gateway.send({
        path: PATH,
        headers: { ...headers, authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
      });
    };
    let second: ChildProcess | undefined;
    try {
      // Of a minute that each would take, and may.
      const calls = [60, 60, 60].map(work);
      await until(() => said.split("called\n").length === 4);
      const begun = performance.now();
      first.kill("SIGKILL");
      const answers = await Promise.all(calls);
      expect(performance.now() - begun).toBeLessThan(5000);
      expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
      for (const answer of answers) {
        expect(JSON.parse(answer.text)).toMatchObject({
          id: 7,
          error: { code: -32603, message: "server unavailable" },
        });
        expect(await gateway.linesOf(answer)).toMatchObject([
          {
            reason: "server-unavailable",
            envoy: "upstream_reset_before_response_started{connection_termination}",
          },
        ]);
      }
      expect((await work(0)).status).toBe(503);
      let status = 0;
      const asks = async (wanted: number) => {
        for (let tries = 0; status !== wanted && tries < 400; tries++) {
          status = await health();
          await setTimeout(50);
        }
        return status;
      };
      expect(await asks(503)).toBe(503);
      second = await start();
      expect(await asks(200)).toBe(200);
      expect((await work(0)).status).toBe(200);
    } finally {
      first.kill("SIGKILL");
      second?.kill("SIGKILL");
      await gateway.stop();
    }
  });
});
