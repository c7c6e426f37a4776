import { selfSigned } from "../../lib/runtime/rotation/certificate";
import { fetchText } from "../../lib/runtime/mirror/fetch";
import { HttpsServer } from "./issuer-server";

const CANARY = "canary-71c0ffee";
let issuer: HttpsServer;
beforeAll(async () => {
  issuer = await HttpsServer.start();
});
afterAll(() => issuer.stop());

const read = (limits: object = {}) => fetchText(issuer.uri, { ca: issuer.pair.certificate, ...limits });

it("reads a document whole", async () => {
  issuer.serve({ keys: ["é".repeat(40_000)] });
  expect(await read()).toBe(JSON.stringify({ keys: ["é".repeat(40_000)] }));
  expect(issuer.asked.at(-1)).toBe("GET /jwks");
});

describe("an answer that is no document is refused, and nothing of it is repeated", () => {
  const answers: [what: string, answer: HttpsServer["answer"], why: string, limits?: object][] = [
    [
      "a redirect, even to a place that would answer",
      (request, response) =>
        request.url === "/jwks"
          ? response.writeHead(302, { location: "/elsewhere" }).end()
          : response.end('{"keys":[]}'),
      "it redirects (status 302)",
    ],
    ["an error", (_request, response) => response.writeHead(500).end(CANARY), "status 500"],
    ["no content", (_request, response) => response.writeHead(204).end(), "status 204"],
    [
      "a compressed one, which could be a thousand times longer",
      (_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(CANARY),
      "it is compressed",
    ],
    [
      "a long one",
      (_request, response) => response.writeHead(200).end(CANARY.repeat(10_000)),
      "more than 131072 bytes",
    ],
    [
      "one without end",
      (_request, response) => {
        response.writeHead(200);
        const more = setInterval(() => response.write(CANARY.repeat(1000)), 1);
        response.on("close", () => clearInterval(more));
      },
      "more than 131072 bytes",
    ],
    [
      "one that drips",
      (_request, response) => {
        response.writeHead(200);
        const more = setInterval(() => response.write("a"), 20);
        response.on("close", () => clearInterval(more));
      },
      "no whole answer within 0.3 seconds",
      { milliseconds: 300 },
    ],
    ["silence", () => undefined, "no whole answer within 0.3 seconds", { milliseconds: 300 }],
    [
      "one that is cut off",
      (_request, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write(CANARY);
        setTimeout(() => response.destroy(), 20);
      },
      "the answer was cut off",
    ],
  ];
  // Not in the parameters: a row without its last item would get Jest's `done` for it.
  test.each(answers)("%s", async (...row) => {
    const [, answer, why, limits] = row;
    issuer.answer = answer;
    const before = issuer.asked.length;
    const error = await read(limits).then(
      () => "",
      (reason: Error) => reason.message,
    );
    expect(error).toContain(`the issuer's keys cannot be read: ${why}`);
    expect(error).not.toContain(CANARY);
    expect(issuer.asked.length).toBe(before + 1);
  });
});

describe("whoever cannot prove to be the issuer is not asked", () => {
  const day = 24 * 3_600_000;
  const pairs: [what: string, pair: Parameters<typeof selfSigned>[0], trusted: boolean, why: string][] = [
    [
      "a certificate that has expired",
      { name: "localhost", days: 2, now: Date.now() - 10 * day },
      true,
      "CERT_HAS_EXPIRED",
    ],
    [
      "one that is not valid yet",
      { name: "localhost", days: 2, now: Date.now() + 10 * day },
      true,
      "CERT_NOT_YET_VALID",
    ],
    ["one of another name", { name: "elsewhere.example", days: 2 }, true, "ERR_TLS_CERT_ALTNAME_INVALID"],
    [
      "one that no public authority vouches for",
      { name: "localhost", days: 2 },
      false,
      "DEPTH_ZERO_SELF_SIGNED_CERT",
    ],
  ];
  test.each(pairs)("%s", async (_what, request, trusted, why) => {
    const other = await HttpsServer.start(selfSigned(request));
    other.serve({ keys: [] });
    try {
      const ca = trusted ? { ca: other.pair.certificate } : {};
      await expect(fetchText(other.uri, ca)).rejects.toThrow(`cannot be read: ${why}`);
      expect(other.asked).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  test("nobody without TLS", async () => {
    await expect(fetchText(issuer.uri.replace("https:", "http:"))).rejects.toThrow("only be read over https");
  });

  test("nobody is not there", async () => {
    const gone = await HttpsServer.start();
    const { uri } = gone;
    await gone.stop();
    await expect(fetchText(uri)).rejects.toThrow("ECONNREFUSED");
  });
});
