import { createHash } from "node:crypto";
import {
  gatewayContainer,
  renderGateway,
  resolveGateway,
  GATEWAY,
  keyHashesVariable,
} from "../../lib/gateway";
import { buildPolicy } from "../../lib/policy";
import { pieceVariables, storedText, type StoredText } from "../../lib/policy-store/model";
import { Check } from "../../lib/validation";
import { startMcpServer, type CountingServer } from "../gateway/counting-server";
import { call, digest, HOST, IMAGE, newKey, orders, PATH } from "../gateway/lab";
import { startGateway, type RunningGateway, type StartableContainer } from "../support/envoy";
import { TestIssuer } from "../support/tokens";
import { describeWith } from "../support/toolchain";

const KEYS = [keyHashesVariable("ci-bot"), keyHashesVariable("narrow")] as const;

/** Policy and program of a gateway in a store, the policy in pieces of 500 bytes, as ECS would hand them over. */
function stored(port: number): { container: StartableContainer; values: Record<string, string> } {
  const check = Check.start(() => false);
  const gateway = resolveGateway({ image: IMAGE }, check);
  const policy = buildPolicy(
    "orders",
    orders(new TestIssuer()),
    { hostname: HOST, maxBodyKib: 64, maxTasks: 2 },
    check,
  );
  const rendered = renderGateway(policy, gateway, { serverPort: port });
  const cut = (text: StoredText): StoredText => ({
    ...text,
    pieces: text.id === "policy" ? (text.pieces.join("").match(/[^]{1,500}/gu) ?? []) : text.pieces,
  });
  const texts = [cut(storedText("policy", rendered)), cut(storedText("program", rendered))];
  const values = Object.fromEntries(
    texts.flatMap((text) => pieceVariables(text).map((name, index) => [name, text.pieces[index] as string])),
  );
  const names = [...KEYS, GATEWAY.env.tlsCertificate, GATEWAY.env.tlsKey, ...Object.keys(values)];
  const container = gatewayContainer({
    ...{ gateway, rendered, stored: texts, logGroupName: "audit", region: "eu-west-1" },
    secrets: names.map((name) => ({ name, valueFrom: `arn:${name}` })),
  });
  return { container: container as unknown as StartableContainer, values };
}

describeWith(["envoy"], "a gateway whose policy and program come from a store", () => {
  let server: CountingServer;
  const key = newKey();
  const keys = { [KEYS[0]]: digest(key), [KEYS[1]]: digest(newKey()) };
  beforeAll(async () => void (server = await startMcpServer()));
  afterAll(() => server.stop());

  async function attempt(
    change: (values: Record<string, string>) => void,
    alter: (variables: Map<string, string>) => void = () => undefined,
  ): Promise<RunningGateway> {
    const { container, values } = stored(server.port);
    change(values);
    const variables = new Map(container.environment.map(({ name, value }) => [name, value]));
    alter(variables);
    return startGateway({
      container: {
        ...container,
        secrets: container.secrets.filter(({ name }) => !name.startsWith("HMCP_POLICY") || name in values),
        environment: [...variables].map(([name, value]) => ({ name, value })),
      },
      secrets: { ...keys, ...values },
      hostname: HOST,
    });
  }

  it("serves as if both stood in its task definition", async () => {
    const { values } = stored(server.port);
    expect(Object.keys(values).length).toBeGreaterThan(3);
    const gateway = await attempt(() => undefined);
    try {
      const { headers, body } = call("search", { query: "x" });
      const send = (sent: string) =>
        gateway.send({
          path: PATH,
          headers: { ...headers, authorization: `Bearer ${sent}` },
          body: JSON.stringify(body),
        });
      expect((await send(key)).status).toBe(200);
      expect((await send(newKey())).status).toBe(401);
    } finally {
      await gateway.stop();
    }
  }, 20_000);

  const other = (name: string) => new RegExp(`${name} is not the one that the task definition names`);
  const REFUSED: [what: string, says: RegExp, change: (values: Record<string, string>) => void][] = [
    [
      "one letter of the policy is another",
      other("HMCP_POLICY"),
      (values) => (values["HMCP_POLICY"] = (values["HMCP_POLICY"] ?? "").replace("orders", "0rders")),
    ],
    ["a piece in the middle is missing", other("HMCP_POLICY"), (values) => delete values["HMCP_POLICY_2"]],
    [
      "two pieces have changed places",
      other("HMCP_POLICY"),
      (values) =>
        ([values["HMCP_POLICY_2"], values["HMCP_POLICY_3"]] = [
          values["HMCP_POLICY_3"] as string,
          values["HMCP_POLICY_2"] as string,
        ]),
    ],
    [
      "the program does one thing more",
      other("HMCP_LUA"),
      (values) => (values["HMCP_LUA"] = `${values["HMCP_LUA"] ?? ""} `),
    ],
    ["the policy is missing", /HMCP_POLICY is missing/, (values) => delete values["HMCP_POLICY"]],
  ];

  it("does not start with anything else", async () => {
    const outcomes = await Promise.all(
      REFUSED.map(([what, , change]) =>
        attempt(change).then(
          () => [what, "it started"] as const,
          (error: Error) => [what, error.message] as const,
        ),
      ),
    );
    for (const [index, [what, message]] of outcomes.entries())
      expect([what, message]).toEqual([what, expect.stringMatching(REFUSED[index]?.[1] as RegExp)]);
  }, 20_000);

  it("a mutant without the check of the digest starts with a policy that nobody reviewed", async () => {
    const open = (values: Record<string, string>) => {
      values["HMCP_POLICY"] = (values["HMCP_POLICY"] ?? "").replace('"v":1', '"v":1 ');
    };
    await expect(attempt(open)).rejects.toThrow(other("HMCP_POLICY"));
    const gateway = await attempt(open, (variables) => {
      const loader = variables.get("HMCP_LOADER") ?? "";
      const without = loader.replace(/assert\(sha256\(text\)==digest,.*?\)(?=return text)/s, "");
      expect(without).not.toBe(loader);
      variables.set("HMCP_LOADER", without);
    });
    await gateway.stop();
  }, 20_000);

  it("has digests that anybody can recompute", () => {
    const { container, values } = stored(1);
    const whole = Object.keys(values)
      .filter((name) => name.startsWith("HMCP_POLICY"))
      .map((name) => values[name])
      .join("");
    expect(container.environment).toContainEqual({
      name: "HMCP_POLICY_SHA256",
      value: createHash("sha256").update(whole).digest("hex"),
    });
  });
});
