import {
  constants,
  createHash,
  createPublicKey,
  verify,
  X509Certificate,
  type JsonWebKey,
} from "node:crypto";
import { selfSigned } from "../../../lib/cli/up/certificate";
import { LocalIssuer, makeCredentials, makeKey } from "../../../lib/cli/up/credentials";
import { gatewayTasks, type GatewayTask } from "../../../lib/cli/up/gateway-task";
import { orders, plan } from "../fixture";

const [task] = gatewayTasks(plan({ orders })) as [GatewayTask];
const issued = { issuer: "https://local-issuer.invalid/", audience: "http://127.0.0.1:1/orders/mcp" };

describe("keys", () => {
  test("have 256 bits behind the prefix that scanners know, and the digest that the gateway compares", () => {
    const { key, digest } = makeKey();
    expect(key).toMatch(/^hmk_[\w-]{43}$/);
    expect(digest).toBe(createHash("sha256").update(key).digest("hex"));
    expect(makeKey().key).not.toBe(key);
  });
});

describe("a credential for every client", () => {
  const issuer = new LocalIssuer();
  const { environment, clients } = makeCredentials(task, issuer, issued);
  test("the gateway gets digests alone", () => {
    const [ciBot] = clients;
    const key = ciBot?.header.replace("Authorization: Bearer ", "") ?? "";
    expect(environment).toEqual({ HMCP_KEYS_CI_BOT: createHash("sha256").update(key).digest("hex") });
  });
  test("a token says what the policy asks for, for as long as it allows", () => {
    const [head, body, signature] = (clients[1]?.header.replace("Authorization: Bearer ", "") ?? "").split(
      ".",
    );
    const claims = JSON.parse(Buffer.from(body ?? "", "base64url").toString()) as Record<string, unknown>;
    expect(claims).toMatchObject({
      iss: issued.issuer,
      aud: issued.audience,
      client_id: "support-app",
      scope: "mcp:refund",
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(20 * 60);
    const jwk = issuer.jwks.keys[0] as JsonWebKey;
    const key = createPublicKey({ key: jwk, format: "jwk" });
    const signed = Buffer.from(`${head}.${body}`);
    expect(verify("RSA-SHA256", signed, key, Buffer.from(signature ?? "", "base64url"))).toBe(true);
    expect(Object.keys(jwk)).not.toContain("d");
  });
  test("a client whose key no secret brings is refused, for it could never call", () => {
    expect(() => makeCredentials({ ...task, secrets: [] }, issuer, issued)).toThrow(
      /maps no secret to HMCP_KEYS_CI_BOT, so ci-bot could never call/,
    );
  });
  const withPolicy = (change: object) => {
    const policy = JSON.parse(task.environment["HMCP_POLICY"] as string) as object;
    const environment = { ...task.environment, HMCP_POLICY: JSON.stringify({ ...policy, ...change }) };
    return { ...task, environment };
  };
  test("a client that is known by a certificate is refused: nobody here verifies one", () => {
    const clients = { robot: { by: "mtls", subject: "CN=robot", tools: [] } };
    expect(() => makeCredentials(withPolicy({ clients }), issuer, issued)).toThrow(
      /robot is known by a certificate that the load balancer verifies/,
    );
  });
  test.each([
    ["ES256", "EC"],
    ["PS256", "RSA"],
  ])("tokens are signed as the issuer signs: %s", (alg, kty) => {
    const own = LocalIssuer.of(withPolicy({ algorithms: [alg] }));
    expect(own.jwks.keys).toMatchObject([{ alg, kty }]);
    const [head = "", body = "", signature = ""] = own.token({ sub: "x" }, 60).split(".");
    expect(JSON.parse(Buffer.from(head, "base64url").toString())).toMatchObject({ alg });
    const key = createPublicKey({ key: own.jwks.keys[0] as JsonWebKey, format: "jwk" });
    const how =
      alg === "PS256"
        ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
        : { key, dsaEncoding: "ieee-p1363" as const };
    expect(verify("sha256", Buffer.from(`${head}.${body}`), how, Buffer.from(signature, "base64url"))).toBe(
      true,
    );
  });
});

describe("the certificate for --tls", () => {
  const { certificate, key } = selfSigned();
  const read = new X509Certificate(certificate);
  test("vouches for itself and stands for loopback alone", () => {
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.ca).toBe(true);
    expect(read.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(read.checkHost("localhost")).toBe("localhost");
    expect(read.checkHost("mcp.example.com")).toBeUndefined();
  });
  test("is valid now, for a day, and belongs to its key", () => {
    const [from, to] = [Date.parse(read.validFrom), Date.parse(read.validTo)];
    expect(from).toBeLessThan(Date.now());
    expect(to - from).toBe(25 * 3_600_000);
    expect(read.publicKey.export({ type: "spki", format: "pem" })).toBe(
      createPublicKey(key).export({ type: "spki", format: "pem" }),
    );
  });
});
