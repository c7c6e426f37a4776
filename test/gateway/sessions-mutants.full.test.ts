import { GATEWAY } from "../../lib/gateway";
import { testCertificate } from "../support/envoy";
import { TestIssuer } from "../support/tokens";
import { describeWith } from "../support/toolchain";
import { HOST, PATH, modern } from "./lab";
import { startSessionLab, startSessionServer, type SessionLab, type SessionServer } from "./sessions-lab";

/** What an attack brings about. */
type Attack = (lab: SessionLab) => Promise<unknown>;

const call = (lab: SessionLab, credential: string, id: string) =>
  lab.send(credential, "tools/call", { "mcp-session-id": id });
/** Status of a call in ann's session by somebody else. */
const steal =
  (who: "one" | "bob"): Attack =>
  async (lab) =>
    (await call(lab, lab.credentials[who], await lab.open(lab.credentials.ann))).status;
/** What comes on ann's stream when the server writes this. */
const stream =
  (text: string): Attack =>
  async (lab) => {
    const id = await lab.open(lab.credentials.ann);
    lab.server.answerGet = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).end(`data: ${text}\n\n`);
    };
    return (await lab.send(lab.credentials.ann, "GET", { "mcp-session-id": id })).text;
  };
const KEY = "-----BEGIN PRIVATE KEY-----";

/** A change of the program, an attack, what it brings about in the program as it is, and in the changed one. */
const MUTANTS: [what: string, from: string, to: string, attack: Attack, right: unknown, wrong: unknown][] = [
  ["the proof", "if proof_of(caller(headers,notes),id)~=proof then", "if false then", steal("one"), 404, 200],
  ["the user", "who..'\\n'..notes:get('hmcp.subject')or who", "who ", steal("bob"), 404, 200],
  [
    "that nobody is named up to a NUL",
    "if code==0 then",
    "if false then",
    async (lab) => {
      const opened = await lab.send(lab.credentials.cut, "initialize");
      const id = String(opened.headers["mcp-session-id"] ?? "none");
      return [opened.status, (await call(lab, lab.credentials.ann, id)).status];
    },
    [401, 404],
    [200, 200],
  ],
  [
    "the proof of a GET or DELETE",
    "headers:replace(SESSION,own_id(given,headers,state.notes))",
    "headers:replace(SESSION,string.match(given,'%.(.*)$'))",
    async (lab) => {
      const id = await lab.open(lab.credentials.ann);
      await lab.send(lab.credentials.one, "DELETE", { "mcp-session-id": id });
      return lab.server.ids().includes(id.slice(65));
    },
    true,
    false,
  ],
  [
    "that ids come into being by initialize",
    "elseif state.method=='initialize'then",
    "else ",
    async (lab) => {
      lab.server.answerInitialize = (response) =>
        response
          .writeHead(200, { "content-type": "application/json", "mcp-session-id": "theirs" })
          .end('{"jsonrpc":"2.0","id":7,"result":{}}');
      return (await lab.send(lab.credentials.one, "tools/list")).headers["mcp-session-id"]?.slice(64);
    },
    undefined,
    ".theirs",
  ],
  [
    "that the server's own id stays inside",
    "headers:remove(SESSION)local who",
    "local who",
    async (lab) => {
      const id = await lab.open(lab.credentials.ann);
      return (await call(lab, lab.credentials.ann, id)).headers["mcp-session-id"] === id.slice(65);
    },
    false,
    true,
  ],
  [
    "that the modern era has none",
    "headers:remove(SESSION)elseif",
    "elseif",
    async (lab) => {
      const id = await lab.open(lab.credentials.ann);
      const { headers, body } = modern("tools/call", { name: "count" });
      const credential = { authorization: `Bearer ${lab.credentials.ann}`, "mcp-session-id": id };
      await lab.gateway.send({
        path: PATH,
        headers: { ...headers, ...credential },
        body: JSON.stringify(body),
      });
      return lab.server.reached.at(-1)?.session?.length;
    },
    undefined,
    expect.any(Number),
  ],
  [
    "that a list on a stream is its reader's",
    "verb=='GET'and'tools/list'or nil",
    "nil",
    stream('{"jsonrpc":"2.0","id":7,"result":{"tools":[{"name":"secret"}]}}'),
    expect.not.stringContaining("secret"),
    expect.stringContaining("secret"),
  ],
  [
    "that a stream holds no leak",
    "if notes:get('hmcp.stream')then",
    "if false then",
    stream(`{"jsonrpc":"2.0","method":"x","params":"${KEY}"}`),
    expect.not.stringContaining(KEY),
    expect.stringContaining(KEY),
  ],
];

describeWith(["envoy"], "the program, with sessions, is seen to need", () => {
  const issuer = new TestIssuer();
  let server: SessionServer;
  let lab: SessionLab;
  beforeAll(async () => {
    server = await startSessionServer();
    lab = await startSessionLab(undefined, { issuer, server, secrets: {} });
  });
  afterAll(async () => {
    await lab.stop();
    await server.stop();
  });

  it("the task, where two of them have the same pair", async () => {
    const pair = testCertificate(HOST);
    const secrets = { [GATEWAY.env.tlsCertificate]: pair.certificate, [GATEWAY.env.tlsKey]: pair.key };
    const taken = async (mutate?: (program: string) => string) => {
      const both = await Promise.all([1, 2].map(() => startSessionLab(mutate, { issuer, server, secrets })));
      const [one, two] = both as [SessionLab, SessionLab];
      const id = await one.open(one.credentials.ann);
      const { status } = await call(two, two.credentials.ann, id);
      await Promise.all(both.map((lab) => lab.stop()));
      return status;
    };
    const task = "os.getenv('ECS_CONTAINER_METADATA_URI_V4')";
    const mutate = (program: string) => {
      if (program.split(task).length !== 2) throw new Error("the program does not read its task once");
      return program.replace(task, "'any'");
    };
    expect([await taken(), await taken(mutate)]).toEqual([404, 200]);
  });

  it.each(MUTANTS)("%s", async (_what, from, to, attack, right, wrong) => {
    expect(await attack(lab)).toEqual(right);
    const mutant = await startSessionLab(
      (program) => {
        const parts = program.split(from);
        if (parts.length !== 2) throw new Error(`${parts.length - 1} times in the program: ${from}`);
        return parts.join(to);
      },
      { issuer, server, secrets: {} },
    );
    const got = await attack(mutant).finally(() => mutant.stop());
    expect(got).toEqual(wrong);
  });
});
