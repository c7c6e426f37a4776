import { data, list } from "../../lib/gateway/read";
import { GATEWAY, keyHashesVariable } from "../../lib/gateway/contract";
import { storedVariables } from "../../lib/policy-store/read";
import { opened } from "../../lib/terraform/plan";
import { startMcpServer, type CountingServer } from "../gateway/counting-server";
import { call, digest, newKey } from "../gateway/lab";
import { startGateway, type Answer, type RunningGateway, type StartableContainer } from "../support/envoy";
import { TestIssuer } from "../support/tokens";
import { describeWith } from "../support/toolchain";
import { good, issuer, keyed, ownedPlan } from "./gateway-fixture";

const URL_OF_SERVER = `https://${good.hostname}${good.path}`;

/** Everything that ECS would start the gateway with, out of the written file. */
function written(port: number, reservedBytes: number) {
  const plan = ownedPlan({ ...keyed, server: { port }, reservedBytes });
  const [task] = plan.blocks("aws_ecs_task_definition");
  const container = list(opened(task?.body.container_definitions))
    .map(data)
    .find(({ name }) => name === GATEWAY.containers.gateway);
  if (container === undefined) throw new Error("the file holds no gateway");
  const stored = storedVariables(container, plan).map(({ name, value }) => [name, String(value)] as const);
  return { container: container as unknown as StartableContainer, stored: Object.fromEntries(stored) };
}

describeWith(["envoy"], "the gateway of somebody else's task definition", () => {
  const key = newKey();
  let server: CountingServer;
  beforeAll(async () => void (server = await startMcpServer()));
  afterAll(() => server.stop());

  const token = (claims: Record<string, unknown> = {}) =>
    issuer.token({ aud: URL_OF_SERVER, client_id: "support-app", ...claims });

  describe.each([
    ["policy and program in it", 2_048, []],
    ["policy and program in a store", 20_000, [GATEWAY.env.policy, GATEWAY.env.program]],
  ])("%s", (_where, reservedBytes, inStore) => {
    let gateway: RunningGateway;
    beforeAll(async () => {
      const { container, stored } = written(server.port, reservedBytes);
      expect(Object.keys(stored)).toEqual(inStore);
      gateway = await startGateway({
        container,
        hostname: good.hostname,
        secrets: { [keyHashesVariable("ci-bot")]: digest(key), ...stored },
      });
    });
    afterAll(() => gateway.stop());

    const send = (credential: string | undefined, tool: string, args: unknown = {}): Promise<Answer> => {
      const { headers, body } = call(tool, args);
      return gateway.send({
        path: good.path,
        headers: { ...headers, ...(credential !== undefined && { authorization: `Bearer ${credential}` }) },
        body: JSON.stringify(body),
      });
    };

    it.each([
      ["a token", () => token(), "jwt:support"],
      ["an API key", () => key, "key:ci-bot"],
    ])(
      "lets an allowed call with %s through, and tells the server who calls",
      async (_by, credential, who) => {
        const before = server.calls["search"] ?? 0;
        const answer = await send(credential(), "search", { query: "blue" });
        expect(answer.status).toBe(200);
        expect(answer.text).toContain("blue");
        expect(server.calls["search"]).toBe(before + 1);
        expect(server.headers[GATEWAY.clientHeader]).toBe(who);
        expect(server.headers.authorization).toBeUndefined();
        const [line] = await gateway.linesOf(answer);
        expect(line).toMatchObject({ reason: "ok", tool: "search" });
      },
    );

    const other = "https://other.example.com/mcp";
    it.each<[string, () => string | undefined, string, unknown, number, string]>([
      ["a tool that is not the client's", () => token(), "refund", {}, 400, "tool-denied"],
      ["the same with an API key", () => key, "refund", {}, 400, "tool-denied"],
      ["a long argument", () => token(), "search", { query: "x".repeat(41) }, 400, "argument-invalid"],
      ["a token that another issuer has signed", foreign, "search", {}, 401, "credential-invalid"],
      ["a token for another server", () => token({ aud: other }), "search", {}, 401, "credential-invalid"],
      [
        "a client that nobody named",
        () => token({ client_id: "other" }),
        "search",
        {},
        403,
        "client-unknown",
      ],
      ["a key that nobody was given", newKey, "search", {}, 401, "credential-invalid"],
      ["no credential at all", () => undefined, "search", {}, 401, "credential-missing"],
    ])(
      "refuses %s, writes it down, and the server hears nothing",
      async (_what, credential, tool, args, status, why) => {
        const before = server.requests;
        const answer = await send(credential(), tool, args);
        expect(answer.status).toBe(status);
        expect(server.requests).toBe(before);
        const lines = await gateway.linesOf(answer);
        expect(lines.map(({ reason }) => reason)).toEqual([why]);
      },
    );

    it("gives out its share of a limit, one of as many as there may be tasks, and refuses what is more", async () => {
      const statuses: number[] = [];
      for (let calls = 0; calls < 4; calls++) statuses.push((await send(token(), "secret")).status);
      // Eight a minute over four tasks: two at once.
      expect(statuses).toEqual([200, 200, 429, 429]);
      expect(server.calls["secret"]).toBe(2 * (inStore.length === 0 ? 1 : 2));
    });

    it("says that it is well while the server behind it is", async () => {
      const answer = await gateway.send({ method: "GET", path: GATEWAY.healthPath });
      expect(answer.status).toBe(200);
    });
  });
});

function foreign(): string {
  return new TestIssuer().token({ aud: URL_OF_SERVER, client_id: "support-app" });
}
