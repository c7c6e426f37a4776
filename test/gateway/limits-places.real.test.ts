import { keyHashesVariable } from "../../lib/gateway";
import { startGateway, type RunningGateway } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { FLAG, FrameClient, frameOf, POST, block, request, settings, TYPE, word } from "./frames";
import { build, call, digest, HOST, newKey } from "./lab";
import { limitedServer, pause, sendAs } from "./limits-lab";
import {
  answerOf,
  chunkOf,
  head,
  resultOf,
  startRawServer,
  type RawServer,
  type Written,
} from "./raw-server";
import { until } from "./streams-lab";

const keys = { one: newKey(), other: newKey() };
const PLACES = 2;
const json = (length: number) => head(["content-type: application/json", `content-length: ${length}`]);
const stream = head(["content-type: text/event-stream", "transfer-encoding: chunked"]);
const LONG = " ".repeat(900_000);
const CANCEL = 8;

/** Both places of a client that may call `search`, of another's tool `slow`. Each may take a second. */
function config() {
  const { clients, tools, ...rest } = limitedServer(100_000);
  const [one, other, search, slow] = [clients["one"], clients["other"], tools["search"], tools["slow"]];
  if (!one || !other || !search || !slow) throw new Error("the lab has other clients and tools");
  return {
    ...rest,
    clients: { one: { ...one, tools: ["search"], callsAtOncePerTask: PLACES }, other },
    tools: { search: { ...search, timeoutSeconds: 1 }, slow: { ...slow, timeoutSeconds: 1 } },
  };
}

/** Each way in which a call ends beside its answer. */
describeWith(["envoy"], "places for calls that run at once", () => {
  let server: RawServer;
  let gateway: RunningGateway;
  beforeAll(async () => {
    server = await startRawServer();
    const { container } = build(config(), server.port, { requestsPerSecond: 100_000 });
    const secrets = Object.entries(keys).map(([name, key]) => [keyHashesVariable(name), digest(key)]);
    gateway = await startGateway({ container, hostname: HOST, secrets: Object.fromEntries(secrets) });
  });
  afterAll(async () => {
    await gateway.stop();
    await server.stop();
  });

  type Room = readonly [key: string, tool: string];
  const rooms: readonly (readonly [string, Room])[] = [
    ["a client", [keys.one, "search"]],
    ["a tool", [keys.other, "slow"]],
  ];
  const message = ([key, tool]: Room) => {
    const { headers, body } = call(tool);
    const text = JSON.stringify(body);
    const length = { "content-length": `${text.length}` };
    return { headers: { ...headers, ...length, authorization: `Bearer ${key}` }, text };
  };
  const ask = ([key, tool]: Room) => sendAs(gateway, key, call(tool));

  /** How many of eight calls the server has at once, while the others are refused. */
  const places = async (room: Room): Promise<number> => {
    const waiting: (() => void)[] = [];
    server.otherwise((socket, id) => void waiting.push(() => socket.write(answerOf(id))));
    let refused = 0;
    const all = Array.from({ length: 8 }, async () => {
      const { status } = await ask(room);
      if (status === 429) refused++;
    });
    await until(() => waiting.length + refused === 8);
    waiting.forEach((answer) => answer());
    await Promise.all(all);
    return waiting.length;
  };

  const never: Written = () => undefined;
  /** Of the server's doing; its callers wait for what comes. */
  const SERVERS: Readonly<Record<string, Written>> = {
    "the time that they may take": never,
    "a reset by the server": (socket) => void socket.resetAndDestroy(),
    "the end of the connection within an answer": (socket) => void socket.end(`${json(100)}{`),
    "a stream that is cut": (socket) => {
      socket.write(stream + chunkOf(": x\n\n"), () => setTimeout(() => socket.destroy(), 30));
    },
    "a stream that lasts too long": (socket) => void socket.write(stream + chunkOf(": x\n\n")),
    "another protocol": (socket) =>
      void socket.write(head(["upgrade: websocket", "connection: upgrade"], "101 Switching")),
    "an answer that is refused": (socket) => void socket.write(`${json(1)}{`),
    "an answer that is too long": (socket) => void socket.write(json(3_000_000) + LONG),
  };
  it.each(Object.entries(SERVERS))("come back after %s", async (_what, written) => {
    for (const [, room] of rooms) {
      server.otherwise(written);
      await Promise.allSettled(Array.from({ length: 6 }, () => ask(room)));
      expect([await places(room), await places(room)]).toEqual([PLACES, PLACES]);
    }
  });

  const reset = (id: number) => frameOf(TYPE.reset, 0, id, word(CANCEL));
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => 2 * index + 1);
  const asked = (id: number, { headers, text }: ReturnType<typeof message>) => request(id, headers, text);
  /** Of the caller's doing, over HTTP/2. */
  const CALLERS: Readonly<Record<string, [Written, (client: FrameClient, room: Room) => Promise<unknown>]>> =
    {
      "resets at once": [
        never,
        async (client, room) => {
          await client.send(...numbers(40).flatMap((id) => [asked(id, message(room)), reset(id)]));
          await pause(300);
        },
      ],
      "resets when the server has them": [
        never,
        async (client, room) => {
          for (const id of numbers(20)) {
            const had = await reachedOne(() => client.send(asked(id, message(room))));
            await client.send(reset(id));
            expect(had).toBe(true);
          }
        },
      ],
      "resets as their time is over": [
        never,
        async (client, room) => {
          for (const first of [1, 5, 9]) {
            const both = [first, first + 2];
            await client.send(...both.map((id) => asked(id, message(room))));
            await pause(992 + first);
            await client.send(...both.map(reset));
          }
        },
      ],
      "the end of the connection": [
        never,
        async (client, room) => {
          await client.send(...numbers(6).map((id) => asked(id, message(room))));
          await pause(100);
          client.close();
        },
      ],
      "half of a message": [
        never,
        async (client, room) => {
          const first = block({ ...POST, ...message(room).headers });
          const parts = numbers(6).map((id) =>
            Buffer.concat([
              frameOf(TYPE.headers, FLAG.END_HEADERS, id, first),
              frameOf(TYPE.data, 0, id, "{"),
            ]),
          );
          await client.send(...parts);
          await pause(100);
        },
      ],
      "answers that nobody takes": [
        (socket, id) => {
          const text = resultOf(id);
          socket.write(json(text.length + LONG.length) + text + LONG);
        },
        async (client, room) => {
          for (const id of numbers(4)) {
            await client.send(asked(id, message(room)));
            await pause(100);
          }
        },
      ],
    };
  let reached = 0;
  const reachedOne = async (sent: () => Promise<unknown>) => {
    const due = reached + 1;
    await sent();
    return until(() => reached === due).then(() => true);
  };
  it.each(Object.entries(CALLERS))("come back after %s", async (_what, [written, act]) => {
    for (const [, room] of rooms) {
      server.otherwise((socket, id) => {
        reached++;
        written(socket, id);
      });
      const noWindow = settings({ 4: 0 });
      const client = await FrameClient.open(gateway, noWindow);
      await act(client, room);
      // Those who have not gone yet hold nothing, either: the server is done with them.
      expect([await places(room), await places(room)]).toEqual([PLACES, PLACES]);
      client.close();
    }
  });
});
