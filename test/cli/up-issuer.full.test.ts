import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
} from "@modelcontextprotocol/client";
import { browse, startOidcServer, type OidcServer } from "../support/oidc";
import { synthesise } from "../support/built";
import { describeWith } from "../support/toolchain";
import { legacy } from "../gateway/lab";
import { Up } from "./up-process";

/** Verifier of RFC 7636, appendix B; its challenge is asked with below. */
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CALLBACK = "http://127.0.0.1/callback";

/** What the official client keeps for somebody who logs in, and where it sends his browser. */
class Login implements OAuthClientProvider {
  public readonly redirectUrl = CALLBACK;
  public sentTo: URL | undefined;
  public token: Awaited<ReturnType<OAuthClientProvider["tokens"]>>;
  private verifier = "";
  private discovered: OAuthDiscoveryState | undefined;
  private registered: Awaited<ReturnType<OAuthClientProvider["clientInformation"]>>;

  /** @param known a client that the issuer knows; without one it registers */
  public constructor(known?: { readonly client_id: string; readonly issuer: string }) {
    this.registered = known;
  }

  public readonly clientMetadata = {
    client_name: "test",
    redirect_uris: [CALLBACK],
    application_type: "native",
    token_endpoint_auth_method: "none",
    // Tools that read need no scope here, so the gateway asks for none, and this issuer gives nothing to whoever asks for none.
    scope: "openid",
    grant_types: ["authorization_code"],
  };
  public clientInformation() {
    return this.registered;
  }
  public saveClientInformation(information: NonNullable<typeof this.registered>) {
    this.registered = information;
  }
  public tokens() {
    return this.token;
  }
  public saveTokens(tokens: NonNullable<typeof this.token>) {
    this.token = tokens;
  }
  public redirectToAuthorization(url: URL) {
    this.sentTo = url;
  }
  public saveDiscoveryState(state: NonNullable<typeof this.discovered>) {
    this.discovered = state;
  }
  public discoveryState() {
    return this.discovered;
  }
  public saveCodeVerifier(verifier: string) {
    this.verifier = verifier;
  }
  public codeVerifier() {
    return this.verifier;
  }
}

/** Seconds of the whole suite, on two busy cores: the synthesis is half of it. */
const BUDGET_S = 20;
jest.setTimeout(BUDGET_S * 1000);

describeWith(["envoy"], "hardened-mcp up --issuer, on the synthesised complete example", () => {
  let up: Up;
  let issuer: OidcServer;
  beforeAll(async () => {
    const [file, started] = await Promise.all([synthesise("up-issuer", "complete"), startOidcServer()]);
    issuer = started;
    up = await Up.start(file, "--server", "orders", "--issuer", issuer.issuer);
  }, 120_000);
  afterAll(async () => {
    await up?.stop();
    await issuer?.stop();
  });

  const transport = (login: Login) =>
    new StreamableHTTPClientTransport(new URL(up.url), { authProvider: login });
  const connect = async (login: Login): Promise<Client> => {
    const client = new Client(
      { name: "test", version: "1.0.0" },
      { versionNegotiation: { mode: { pin: "2026-07-28" } } as never },
    );
    await client.connect(transport(login));
    return client;
  };
  const known = (client_id: string) => ({ client_id, issuer: issuer.issuer });
  /** Is refused, sends the browser, and comes back with a token. */
  const logIn = async (login: Login): Promise<void> => {
    const first = transport(login);
    const client = new Client({ name: "test", version: "1.0.0" });
    await expect(client.connect(first)).rejects.toThrow(UnauthorizedError);
    await first.finishAuth(await browse(login.sentTo as URL, CALLBACK));
  };
  const claims = (token: string | undefined) =>
    JSON.parse(Buffer.from(token?.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
  /** A list of tools with a token, and its one audit line. */
  const withToken = async (token: string) => {
    const { headers, body } = legacy("tools/list");
    const answer = await fetch(up.url, {
      method: "POST",
      headers: { ...headers, authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    await answer.text();
    const id = answer.headers.get("x-request-id");
    return {
      status: answer.status,
      challenge: answer.headers.get("www-authenticate"),
      line: await up.lineOf(id),
    };
  };

  let token: string | undefined;
  it("the official client finds the issuer, logs in with PKCE, lists and calls", async () => {
    const login = new Login(known("support-app"));
    await logIn(login);
    const asked = login.sentTo?.searchParams;
    expect(login.sentTo?.origin).toBe(issuer.issuer);
    expect([asked?.get("code_challenge_method"), asked?.get("resource")]).toEqual(["S256", up.url]);
    token = login.token?.access_token;
    expect(claims(token)).toMatchObject({ iss: issuer.issuer, aud: up.url, client_id: "support-app" });
    const client = await connect(login);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["search"]);
    const [line] = await up.during(1, async () => {
      const { content } = await client.callTool({ name: "search", arguments: { query: "blue" } });
      expect(content).toEqual([{ type: "text", text: "found blue" }]);
    });
    expect(line).toMatchObject({ client: "support", proof: "jwt", tool: "search", reason: "ok" });
    expect(line?.credential?.id).toMatch(/^jti:[0-9a-f]{32}$/);
    await client.close();
  });

  it("one who lacks a scope is told which, and sent to get it", async () => {
    const login = new Login(known("support-app"));
    await logIn(login);
    const client = await connect(login);
    const call = { name: "refund", arguments: { order: "ord_1234", amount: { cents: 1, currency: "EUR" } } };
    const [line] = await up.during(1, () => expect(client.callTool(call)).rejects.toThrow());
    expect(line).toMatchObject({ status: 403, reason: "scope-missing", detail: "mcp:refund" });
    expect(login.sentTo?.searchParams.get("scope")).toContain("mcp:refund");
    await client.close();
  });

  it("one who registers has a token of no client, and stays outside", async () => {
    const login = new Login();
    await logIn(login);
    const { status, line } = await withToken(login.token?.access_token ?? "");
    expect([status, line?.reason]).toEqual([403, "client-unknown"]);
  });

  describe("attacks on the login", () => {
    const authorize = (change: Record<string, string | undefined>) => {
      const query = {
        ...{
          response_type: "code",
          client_id: "support-app",
          redirect_uri: CALLBACK,
          resource: up.url,
          scope: "openid",
        },
        ...{ code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" },
        ...change,
      };
      const present = Object.entries(query).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      return browse(new URL(`/auth?${new URLSearchParams(present)}`, issuer.issuer), CALLBACK);
    };
    /** Exchanges a code with the verifier of RFC 7636's example, or another one. */
    const exchange = async (code: string | null, resource = up.url, code_verifier = VERIFIER) => {
      const client = { client_id: "support-app", redirect_uri: CALLBACK };
      const body = { grant_type: "authorization_code", code: code ?? "", ...client, resource, code_verifier };
      const answer = await fetch(`${issuer.issuer}/token`, {
        method: "POST",
        body: new URLSearchParams(body),
      });
      return (await answer.json()) as { access_token?: string; error?: string };
    };

    it("without PKCE there is no code, and without its verifier no token", async () => {
      const without = await authorize({ code_challenge: undefined, code_challenge_method: undefined });
      expect([without.get("error"), without.get("code")]).toEqual(["invalid_request", null]);
      const plain = await authorize({ code_challenge_method: "plain" });
      expect(plain.get("code")).toBeNull();
      const code = (await authorize({})).get("code");
      expect(code).toMatch(/.{20}/);
      const { error } = await exchange(code, up.url, "x".repeat(43));
      expect(error).toBe("invalid_grant");
    });

    it("a token that the same issuer gave for another server is refused", async () => {
      const resource = `${new URL(up.url).origin}/other/mcp`;
      const { access_token: other = "" } = await exchange(
        (await authorize({ resource })).get("code"),
        resource,
      );
      expect(claims(other)).toMatchObject({
        iss: issuer.issuer,
        aud: resource,
      });
      const { status, line, challenge } = await withToken(other);
      expect([status, line?.reason, line?.client]).toEqual([401, "credential-invalid", null]);
      expect(challenge).toContain('error="invalid_token"');
    });

    it("a token that another client of the same issuer got is refused", async () => {
      const login = new Login(known("stranger-app"));
      await logIn(login);
      const { status, line } = await withToken(login.token?.access_token ?? "");
      expect([status, line?.reason, line?.client]).toEqual([403, "client-unknown", null]);
    });

    it.each<[string, (server: OidcServer) => string, number]>([
      ["as it should be: so the others are refused for what they say", (s) => s.forged({ aud: up.url }), 200],
      ["that has expired", (s) => s.forged({ aud: up.url, ...lived(900, 300) }), 401],
      [
        "of another issuer, signed with the same key",
        (s) => s.forged({ aud: up.url, iss: "https://evil.example.com" }),
        401,
      ],
      ["of the issuer, signed with another key", (s) => s.forged({ aud: up.url }, "another"), 401],
      [
        "of the issuer that stands in the file",
        (s) => s.forged({ aud: up.url, iss: "https://login.example.com/" }),
        401,
      ],
      [
        "for the address that stands in the file",
        (s) => s.forged({ aud: "https://mcp.example.com/orders/mcp" }),
        401,
      ],
      ["that lives for two hours", (s) => s.forged({ aud: up.url, ...lived(10, -7190) }), 401],
    ])("a token %s", async (_what, make, expected) => {
      const { status, line } = await withToken(make(issuer));
      expect([status, line?.reason]).toEqual([expected, expected === 200 ? "ok" : "credential-invalid"]);
    });

    it("a token that was given is taken until its signature is changed", async () => {
      const given = token ?? "";
      expect((await withToken(given)).status).toBe(200);
      const [head, body, signature = ""] = given.split(".");
      const last = signature.at(-3) === "A" ? "B" : "A";
      const changed = `${head}.${body}.${signature.slice(0, -3)}${last}${signature.slice(-2)}`;
      expect((await withToken(changed)).status).toBe(401);
    });
  });

  it("says what is real and what is not", () => {
    expect(up.changes).toContainEqual(
      `issuer https://login.example.com/ is ${issuer.issuer}, with the keys that it has now: they are not read again`,
    );
    expect(up.printed).toContain(`Authorization: Bearer <token of ${issuer.issuer} for ${up.url}>`);
    expect(up.printed).toContain(
      'support (token with client_id "support-app" and scope mcp:refund, that lives at most 60 minutes',
    );
  });
});

/** Times of a token that was given so many seconds ago and ended so many ago. */
function lived(since: number, until: number): { iat: number; exp: number } {
  const now = Math.floor(Date.now() / 1000);
  return { iat: now - since, exp: now - until };
}
