import { fetchText } from "../../lib/runtime/mirror/fetch";
import { mirror } from "../../lib/runtime/mirror/mirror";
import type { MirrorStore } from "../../lib/runtime/mirror/store";
import { HttpsServer } from "./issuer-server";
import { rsa } from "./jwk";

const MINUTE = 60_000;
const START = Date.parse("2026-01-01T00:00:00Z");
const [a, b, c] = [rsa("a"), rsa("b"), rsa("c")];

interface Document {
  keys: { kid: string; n: string }[];
  mirror: { uri: string; lastSuccess: string; lastChange: string; withdrawn: Record<string, string> };
}

/** One object with tags, like S3's. */
class FakeStore implements MirrorStore {
  public text: string | undefined;
  public version = 0;
  public read() {
    return Promise.resolve(
      this.text === undefined ? undefined : { text: this.text, etag: `"${this.version}"` },
    );
  }
  public write(text: string, over: string | undefined) {
    const now = this.text === undefined ? undefined : `"${this.version}"`;
    if (over !== now) return Promise.reject(new Error("somebody else has written the keys meanwhile"));
    this.text = text;
    this.version++;
    return Promise.resolve();
  }
  public get document(): Document {
    return JSON.parse(this.text ?? "") as Document;
  }
  public get kids(): string[] {
    return this.document.keys.map(({ kid }) => kid);
  }
}

let issuer: HttpsServer;
let store: FakeStore;
let minutes: number;
let lines: object[];
let uri: string;
beforeAll(async () => {
  issuer = await HttpsServer.start();
});
afterAll(() => issuer.stop());
beforeEach(() => {
  [store, minutes, lines, uri] = [new FakeStore(), 0, [], issuer.uri];
});

const run = (action: unknown = "mirror", overlapMinutes = 60) =>
  mirror({
    uri,
    overlapMinutes,
    fetch: (address) => fetchText(address, { ca: issuer.pair.certificate, milliseconds: 5000 }),
    store,
    now: () => START + minutes * MINUTE,
    log: (did) => lines.push(did),
  })({ action });
const lists = (...keys: unknown[]) => issuer.serve({ keys });
/** Copies at a minute what the issuer lists then. */
const at = async (minute: number, ...keys: unknown[]) => {
  minutes = minute;
  lists(...keys);
  await run();
};

it("publishes what the issuer lists, and when it was read", async () => {
  lists(b, a);
  expect(await run()).toEqual({});
  expect(store.kids).toEqual(["a", "b"]);
  expect(store.document.mirror).toEqual({
    uri,
    lastSuccess: "2026-01-01T00:00:00.000Z",
    lastChange: "2026-01-01T00:00:00.000Z",
    withdrawn: {},
  });
  await at(15, a, b);
  expect(store.document.mirror).toMatchObject({
    lastSuccess: "2026-01-01T00:15:00.000Z",
    lastChange: "2026-01-01T00:00:00.000Z",
  });
  expect(lines.at(-1)).toEqual({ did: "mirror", keys: ["a", "b"], kept: [], changed: false });
});

describe("a withdrawn key is kept for the overlap, counted from when it was missed first", () => {
  it("and not longer", async () => {
    await at(0, a, b);
    await at(15, b);
    expect(store.kids).toEqual(["a", "b"]);
    expect(store.document.mirror.withdrawn).toEqual({ a: "2026-01-01T00:15:00.000Z" });
    await at(74, b);
    expect(store.kids).toEqual(["a", "b"]);
    await at(75, b);
    expect(store.kids).toEqual(["b"]);
    expect(store.document.mirror.withdrawn).toEqual({});
  });
  it("anew when it comes back and goes again", async () => {
    await at(0, a, b);
    await at(15, b);
    await at(30, a, b);
    expect(store.document.mirror.withdrawn).toEqual({});
    await at(60, b);
    await at(119, b);
    expect(store.kids).toEqual(["a", "b"]);
  });
  it("also when all keys are replaced at once, which an issuer does after a theft", async () => {
    await at(0, a);
    await at(15, b, c);
    expect(store.kids).toEqual(["a", "b", "c"]);
    await at(75, b, c);
    expect(store.kids).toEqual(["b", "c"]);
  });
  it("unless a person says that it must go at once", async () => {
    await at(0, a, b);
    lists(b);
    await run("withdraw");
    expect(store.kids).toEqual(["b"]);
  });
});

describe("whatever fails, what is published stays", () => {
  const pages: [what: string, answer: () => void, why: string][] = [
    ["an empty set", () => lists(), "no RSA key"],
    ["a page", () => issuer.serve("<html>maintenance</html>"), "not JSON"],
    ["only keys that are too short", () => lists(rsa("x", 1024)), "no RSA key"],
    ["a private key", () => lists(a, { ...b, d: "x" }), "private or symmetric"],
    ["an error", () => (issuer.answer = (_request, response) => response.writeHead(503).end()), "status 503"],
    ["another key under a known name", () => lists({ ...b, kid: "a" }), "another key under the kid a"],
    [
      "more keys than anybody has",
      () => lists(...Array.from({ length: 20 }, (_each, i) => ({ ...b, kid: `new${i}` }))),
      "more than 60 keys",
    ],
  ];
  test.each(pages)("%s", async (what, answer, why) => {
    lists(a);
    await run();
    // Withdrawn keys that are still kept count, too.
    for (const round of what.startsWith("more") ? [1, 2] : []) {
      lists(...Array.from({ length: 20 }, (_each, i) => ({ ...b, kid: `old${round}-${i}` })));
      await run();
    }
    const before = store.text;
    minutes = 30;
    answer();
    await expect(run()).rejects.toThrow(why);
    expect(store.text).toBe(before);
  });
  it("and a later copy goes on as if nothing had been", async () => {
    await at(0, a, b);
    issuer.serve("<html>");
    minutes = 200;
    await expect(run()).rejects.toThrow();
    await at(215, b);
    expect(store.kids).toEqual(["a", "b"]);
  });
  it("and another key under a known name is taken only when a person says so", async () => {
    await at(0, a);
    lists({ ...b, kid: "a" });
    await expect(run()).rejects.toThrow();
    await run("withdraw");
    expect(store.document.keys.map(({ n }) => n)).toEqual([b.n]);
  });
  it("and of two copies at once the later one is refused", async () => {
    lists(a);
    // Both have read before one writes.
    let readers = 0;
    let open = () => {};
    const both = new Promise<void>((resolve) => (open = resolve));
    const plain = store.read.bind(store);
    store.read = async () => {
      const found = await plain();
      if (++readers === 2) open();
      await both;
      return found;
    };
    const results = await Promise.allSettled([run(), run()]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(store.version).toBe(1);
  });
});

describe("what lies in the bucket is not believed", () => {
  const put = (change: (document: Document) => void) => {
    const { document } = store;
    change(document);
    store.text = JSON.stringify(document);
  };
  it("a key that somebody has slipped in goes like one that was withdrawn", async () => {
    await at(0, a);
    put(({ keys }) => keys.push(c as never));
    await at(15, a);
    await at(75, a);
    expect(store.kids).toEqual(["a"]);
  });
  it("a key there that the gateway must not take goes at once", async () => {
    await at(0, a);
    put(({ keys }) => keys.push(rsa("weak", 1024) as never, { kid: "junk" } as never));
    await at(15, a);
    expect(store.kids).toEqual(["a"]);
  });
  it("a time that is none does not keep a key for ever", async () => {
    await at(0, a, b);
    put((document) => (document.mirror.withdrawn = { a: "never" }));
    await at(15, b);
    await at(75, b);
    expect(store.kids).toEqual(["b"]);
  });
  test.each([
    ["a page", () => (store.text = "<html>")],
    ["a bare set", () => (store.text = JSON.stringify({ keys: [a, c] }))],
    ["keys of another issuer", () => put((document) => (document.mirror.uri = "https://old.example/"))],
  ])("%s is replaced by what the issuer lists", async (_what, change) => {
    await at(0, a, c);
    change();
    await at(15, a);
    expect(store.kids).toEqual(["a"]);
  });
});

test.each([[undefined], ["seed"], [""]])("an event that asks for %p is refused", async (action) => {
  lists(a);
  await expect(run(action ?? null)).rejects.toThrow('expected { "action": "mirror" }');
  expect(store.text).toBeUndefined();
  expect(issuer.asked.length).toBeGreaterThanOrEqual(0);
});
