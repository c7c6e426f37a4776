import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { connect, createServer, type TLSSocket } from "node:tls";
import type { AddressInfo } from "node:net";
import { awsStore } from "../../lib/runtime/rotation/aws-store";
import { selfSigned } from "../../lib/runtime/rotation/certificate";
import { clientKey, type ClientKeyValue } from "../../lib/runtime/rotation/client-key";
import { generated } from "../../lib/runtime/rotation/generated";
import { tlsCertificate } from "../../lib/runtime/rotation/tls-certificate";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const fields = (value: object): Record<string, unknown> => ({ ...value });

describe("a client's key", () => {
  const kind = clientKey({ client: "ci-bot" });

  test("is 256 bits behind the known prefix, and its header can be pasted", () => {
    const value = kind.first();
    expect(value).toEqual({
      client: "ci-bot",
      header: `Authorization: Bearer ${value.key}`,
      key: expect.stringMatching(/^hmk_[A-Za-z0-9_-]{43}$/) as string,
      previous: "",
      next: expect.stringMatching(/^hmk_[A-Za-z0-9_-]{43}$/) as string,
      hashes: `${sha256(value.key)} ${sha256(value.next)}`,
    });
    expect(value.key).not.toBe(value.next);
  });

  test("is accepted by tasks that are one rotation behind or ahead, over ten rotations, and by no other", () => {
    const generations = [kind.first()];
    for (let round = 0; round < 10; round++)
      generations.push(kind.next(generations.at(-1) as ClientKeyValue));
    generations.forEach(({ hashes }, task) => {
      const accepted = generations.map(({ key }) => hashes.split(" ").includes(sha256(key)));
      const expected = generations.map((_, client) => Math.abs(client - task) <= 1);
      expect(accepted).toEqual(expected);
      expect(hashes).toMatch(/^[0-9a-f]{64}( [0-9a-f]{64}){1,2}$/);
    });
  });

  const value = kind.next(kind.first());
  test.each<[string, object, string]>([
    ["another client's", { client: "other" }, "another client"],
    ["no key", { key: undefined }, "expected keys of the form hmk_"],
    ["a short key", { key: "hmk_short" }, "expected keys of the form hmk_"],
    ["a foreign next", { next: "password" }, "expected keys of the form hmk_"],
    ["a foreign previous", { previous: "password" }, "expected keys of the form hmk_"],
    ["a header of another key", { header: `Authorization: Bearer ${value.next}` }, "do not belong"],
    ["hashes that accept another key", { hashes: `${value.hashes} ${sha256("x")}` }, "do not belong"],
  ])("%s does not fit", (_class, change, fault) => {
    expect(kind.fault(fields(value))).toBeUndefined();
    expect(kind.fault({ ...value, ...change })).toContain(fault);
  });
});

describe("a generated text", () => {
  test.each([16, 48, 128])("of %d characters is letters and digits in three generations", (length) => {
    const kind = generated({ length });
    const first = kind.first();
    const next = kind.next(first);
    expect(next).toEqual({
      current: first.next,
      previous: first.current,
      next: expect.stringMatching(new RegExp(`^[A-Za-z0-9]{${length}}$`)) as string,
    });
    expect(kind.fault(fields(next))).toBeUndefined();
  });

  test("uses every symbol about as often", () => {
    const counts = new Map<string, number>();
    const { current } = generated({ length: 62_000 }).first();
    for (const symbol of current) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    expect(counts.size).toBe(62);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(250);
  });

  test("takes the configured length from the next rotation on", () => {
    const longer = generated({ length: 64 }).next(generated({ length: 32 }).first());
    expect([longer.current.length, longer.next.length]).toEqual([32, 64]);
  });
});

describe("a generated text with wishes", () => {
  const symbols = "abcXYZ789-_.~";
  test("is made of its alphabet, and holds every class that is required, each time", () => {
    const kind = generated({ length: 16, alphabet: symbols, require: ["lower", "upper", "digit", "symbol"] });
    for (let round = 0; round < 200; round++) {
      const { current, next } = kind.first();
      for (const text of [current, next]) {
        expect(text).toMatch(/^[abcXYZ789\-_.~]{16}$/);
        for (const one of [/[a-z]/, /[A-Z]/, /[0-9]/, /[-_.~]/]) expect(text).toMatch(one);
      }
    }
  });

  test("favours no symbol and no place: as many of each as of any other, also where one class is rare", () => {
    const counts = new Map<string, number>();
    const { current } = generated({ length: 94_000, alphabet: printable }).first();
    for (const symbol of current) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    expect(counts.size).toBe(94);
    // Five standard deviations. A modulo over bytes would give some symbols half as much again as others.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(160);
    // A digit put in afterwards would stand at one place more often than at others.
    const places = Array<number>(16).fill(0);
    const kind = generated({ length: 16, alphabet: "abcdefghijklmnopqrstuvwxy0", require: ["digit"] });
    for (let round = 0; round < 4000; round++)
      [...kind.first().current].forEach((symbol, place) => (places[place]! += symbol === "0" ? 1 : 0));
    const mean = places.reduce((sum, count) => sum + count) / 16;
    for (const count of places) expect(Math.abs(count - mean)).toBeLessThan(5 * Math.sqrt(mean));
  });

  const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join("");
  test.each<[string, object]>([
    ["a short alphabet", { alphabet: "abcdefghi" }],
    ["a symbol twice", { alphabet: "abcdefghija" }],
    ["a blank", { alphabet: "abcdefghij " }],
    ["what is no ASCII", { alphabet: "abcdefghijé" }],
    ["a class that the alphabet lacks", { require: ["symbol"] }],
    ["a class that there is not", { require: ["toString"] }],
    ["a field of its own", { template: { next: "{{value}}" } }],
    ["a field that is no name", { template: { "a.b": "{{value}}" } }],
    ["a prototype", { template: { ["__proto__"]: "{{value}}" } }],
    ["a template without a place", { template: { url: "redis://cache" } }],
  ])("is refused for %s", (_class, wish) => {
    expect(() => generated({ length: 48, ...wish } as never)).toThrow(/alphabet|template/);
  });

  test("is rendered into templates, again at every rotation, with nothing of it taken for a pattern", () => {
    const template = { url: "redis://:{{value}}@cache:6379", twice: "{{value}}{{value}}" };
    const kind = generated({ length: 16, alphabet: "$&`'0123456789", template });
    let value = kind.first() as Record<string, string> & ReturnType<typeof kind.first>;
    for (let round = 0; round < 20; round++) {
      expect(value["url"]).toBe("redis://:" + value.current + "@cache:6379");
      expect(value["twice"]).toBe(value.current + value.current);
      expect(kind.fault(value)).toBeUndefined();
      value = kind.next(value) as typeof value;
    }
    expect(Object.keys(value)).toEqual(["current", "previous", "next", "url", "twice"]);
    // A seed refuses what another template made; a rotation follows it.
    expect(kind.fault({ ...value, url: "x" })).toContain("url is not what its template makes");
    expect(kind.unfollowable?.({ ...value, url: "x" })).toBeUndefined();
  });

  test("without wishes is what it was: three fields, in this order", () => {
    expect(JSON.stringify(generated({ length: 16 }).first())).toMatch(
      /^\{"current":"[A-Za-z0-9]{16}","previous":"","next":"[A-Za-z0-9]{16}"\}$/,
    );
  });
});

describe("a certificate", () => {
  const request = { name: "orders.acme-test.internal", days: 120 };
  const DAY = 86_400_000;

  test("names the server, is no authority, and is valid from an hour ago", () => {
    const now = Date.parse("2026-11-25T12:00:00Z");
    const { certificate, key } = selfSigned({ ...request, now });
    const parsed = new X509Certificate(certificate);
    expect(parsed.subject).toBe("CN=orders.acme-test.internal");
    expect(parsed.subjectAltName).toBe("DNS:orders.acme-test.internal");
    expect(parsed.ca).toBe(false);
    expect(parsed.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(parsed.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: "prime256v1" });
    expect(Date.parse(parsed.validFrom)).toBe(now - 3_600_000);
    expect(Date.parse(parsed.validTo)).toBe(now - 3_600_000 + 120 * DAY);
    expect(parsed.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  test("is written with four digits of the year from 2050 on", () => {
    const { certificate } = selfSigned({ ...request, now: Date.parse("2049-12-01T00:00:00Z") });
    const { validFrom, validTo } = new X509Certificate(certificate);
    expect([new Date(validFrom).getUTCFullYear(), new Date(validTo).getUTCFullYear()]).toEqual([2049, 2050]);
  });

  test("of a name longer than a common name keeps the whole name", () => {
    const name = `${"a".repeat(60)}.${"b".repeat(60)}.internal`;
    const parsed = new X509Certificate(selfSigned({ name, days: 120 }).certificate);
    expect(parsed.subjectAltName).toBe(`DNS:${name}`);
    expect(parsed.checkHost(name)).toBe(name);
  });

  test.each(["TLSv1.2", "TLSv1.3"] as const)("serves %s to a client that trusts it", async (version) => {
    const { certificate, key } = selfSigned(request);
    const server = createServer({ cert: certificate, key }, (socket) => socket.end("hello"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const socket = await new Promise<TLSSocket>((resolve, reject) => {
        const options = { host: "127.0.0.1", port, servername: request.name, ca: certificate };
        const made = connect({ ...options, minVersion: version, maxVersion: version }, () => resolve(made));
        made.once("error", reject);
      });
      expect([socket.authorized, socket.getProtocol()]).toEqual([true, version]);
      socket.destroy();
    } finally {
      server.close();
    }
  });

  test("with another's key, out of date, or not PEM does not fit", () => {
    const kind = tlsCertificate(request);
    const [one, other] = [kind.first(), kind.first()];
    expect(kind.fault(fields(one))).toBeUndefined();
    expect(kind.fault({ ...one, key: other.key })).toBe("the key is not the certificate's");
    expect(kind.fault({ ...one, key: "x" })).toBe("certificate or key is not PEM");
    const old = selfSigned({ ...request, now: Date.now() - 121 * DAY });
    expect(kind.fault(fields(old))).toBe("the certificate has expired");
  });
});

test("a lack of rights is explained, other messages of AWS are not passed on", async () => {
  const failing = (name: string) =>
    awsStore({
      send: () => Promise.reject(Object.assign(new Error("said by AWS about hunter2"), { name })),
    } as never);
  await expect(failing("AccessDeniedException").describe("x")).rejects.toThrow(
    "DescribeSecret failed with AccessDeniedException: said by AWS",
  );
  const error = await failing("ValidationException")
    .put("x", "t", "hunter2", "AWSCURRENT")
    .catch((caught: Error) => caught);
  expect(String((error as Error).stack)).toContain("PutSecretValue failed with ValidationException");
  expect(String((error as Error).stack)).not.toContain("hunter2");
});
