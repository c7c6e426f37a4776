import { keyHashesVariable } from "../../lib/gateway";
import type { PolicyConfig } from "../../lib/policy";
import { HOST, PATH, build, digest, newKey } from "../gateway/lab";
import { startGateway } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { EXPECTED } from "./expected";
import { startFront } from "./front";
import { PAGE, TOOLS, startConformantServer } from "./server";
import { conform, fetchSuite } from "./suite";

const callsPerMinute = 6000;
const RESOURCES = [
  ...["test://static-text", "test://static-binary", "test://watched-resource"],
  ...["test://nonexistent-resource-for-conformance-testing", { startsWith: "test://template/" }],
];
/** Everything that the server has is open to one client. */
const CONFIG: PolicyConfig = {
  path: PATH,
  clients: {
    suite: {
      ...{ identity: { kind: "apiKey" }, callsPerMinute, tools: TOOLS },
      methods: [
        ...(["completion/complete", "prompts/get", "prompts/list", "resources/list"] as const),
        ...(["resources/read", "resources/subscribe", "resources/templates/list"] as const),
        ...(["resources/unsubscribe", "subscriptions/listen"] as const),
      ],
    },
  },
  tools: Object.fromEntries(
    TOOLS.map((name) => [name, { access: "read", callsPerMinute, timeoutSeconds: 10 }]),
  ),
  methods: {
    "completion/complete": { callsPerMinute, allow: ["test_prompt_with_arguments"] },
    "prompts/get": { callsPerMinute, allow: [{ startsWith: "test_" }] },
    "prompts/list": { callsPerMinute },
    "resources/list": { callsPerMinute },
    "resources/read": { callsPerMinute, allow: RESOURCES },
    "resources/subscribe": { callsPerMinute, allow: RESOURCES },
    "resources/templates/list": { callsPerMinute },
    "resources/unsubscribe": { callsPerMinute, allow: RESOURCES },
    "subscriptions/listen": { callsPerMinute, allow: RESOURCES },
  },
};

describeWith(["envoy"], "the official conformance suite", () => {
  beforeAll(fetchSuite, 600_000);

  it.each([
    ["2025-11-25", "none"],
    ["2025-11-25", "single-task"],
    ["2026-07-28", "none"],
  ] as const)(
    "finds through the gateway what it finds without, of revision %s, sessions %s",
    async (revision, sessions) => {
      const server = await startConformantServer(sessions !== "none");
      const key = newKey();
      const gateway = await startGateway({
        container: build({ ...CONFIG, sessions }, server.port, { allowedOrigins: [`https://${PAGE}`] })
          .container,
        hostname: HOST,
        secrets: { [keyHashesVariable("suite")]: digest(key) },
      });
      const front = await startFront(gateway, key);
      try {
        const bare = await conform(`http://127.0.0.1:${server.port}/mcp`, revision);
        const through = await conform(front.url, revision);
        process.stderr.write(
          `[conformance] ${revision}: ${bare.passed} passed without, ${through.passed} through the gateway\n`,
        );
        const only = (of: readonly string[], than: readonly string[]) =>
          of.filter((one) => !than.includes(one));
        const more = only(through.failed, bare.failed).map((name) => `${name}: ${through.why[name]}\n`);
        process.stderr.write(more.join(""));
        expect({
          without: bare.failed,
          onlyThrough: only(through.failed, bare.failed),
          onlyWithout: only(bare.failed, through.failed),
        }).toEqual({ without: EXPECTED[revision], onlyThrough: [], onlyWithout: [] });
        expect(through.passed).toBe(bare.passed);
      } finally {
        await front.stop();
        await gateway.stop();
        await server.stop();
      }
    },
    60_000,
  );
});
