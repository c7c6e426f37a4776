import { resolveHardenedMcp, resolveMcpServer } from "../../lib/model";
import { ATTRIBUTES } from "../support/attributes";
import { goodConfig, goodServer, isTestToken, problemsOf } from "../support/config";

const mirrored = goodServer({
  auth: {
    jwt: {
      issuer: "https://login.example.com/",
      keys: { kind: "mirrored", uri: "https://login.example.com/jwks" },
    },
  },
});
const existing = (endpoints: object) =>
  goodConfig({
    servers: { notes: mirrored },
    network: {
      kind: "existing",
      vpcId: "vpc-0123456789abcdef0",
      vpcCidr: "10.0.0.0/16",
      loadBalancerSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      taskSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
      endpoints: {
        securityGroupId: "sg-0123456789abcdef0",
        s3PrefixListId: "pl-0123456789abcdef0",
        ...endpoints,
      },
    } as never,
  });
const whole = (config: ReturnType<typeof goodConfig>) =>
  problemsOf(() => resolveHardenedMcp(config, isTestToken));
const elsewhere = (endpoints: object) =>
  problemsOf(() =>
    resolveMcpServer(
      {
        ...mirrored,
        name: "notes",
        platform: {
          ...ATTRIBUTES,
          network: { ...ATTRIBUTES.network, endpoints: { ...ATTRIBUTES.network.endpoints, ...endpoints } },
        },
      },
      isTestToken,
    ),
  );
const s3EndpointId = "vpce-0123456789abcdef0";

describe("mirrored keys need an S3 endpoint that is known", () => {
  test("a new network has one", () => {
    expect(whole(goodConfig({ servers: { notes: mirrored } }))).toEqual([]);
  });
  test("of somebody else it must be named", () => {
    expect(whole(existing({ kind: "existing", s3EndpointId }))).toEqual([]);
    expect(whole(existing({ kind: "existing" }))).toEqual([
      "servers.notes.auth.jwt.keys.kind is mirrored, and the bucket would be open to an S3 endpoint that is not named; " +
        "name it: network.endpoints.s3EndpointId, as vpce-0123456789abcdef0 [conflict]",
    ]);
    expect(whole(existing({ kind: "existing", s3EndpointId: "vpc-0123456789abcdef0" }))).toEqual([
      expect.stringContaining("network.endpoints.s3EndpointId is"),
    ]);
  });
  test("on a platform in another stack, too", () => {
    expect(elsewhere({})[0]).toContain("an S3 endpoint that is not named");
    expect(elsewhere({ s3EndpointId })).toEqual([]);
  });
  test("and there our own endpoint must let the server through", () => {
    const own = { s3EndpointId, owned: true };
    expect(elsewhere({ ...own, mirroredKeysOf: ["notes"] })).toEqual([]);
    expect(elsewhere({ ...own, mirroredKeysOf: "${TOKEN}" })).toEqual([]);
    for (const lets of [{}, { mirroredKeysOf: ["orders"] }])
      expect(elsewhere({ ...own, ...lets })).toEqual([
        expect.stringContaining("does not let the keys of notes through; add"),
      ]);
  });
});

test("names of servers elsewhere are names", () => {
  const network = { ...goodConfig().network, mirroredKeysOf: ["orders", "Not A Name", "${TOKEN}"] };
  expect(whole(goodConfig({ network: network as never }))).toEqual([
    expect.stringContaining("network.mirroredKeysOf[1] is"),
    expect.stringContaining("network.mirroredKeysOf[2] is known only"),
  ]);
});
