// A real authorization server, `oidc-provider`, for tests: OAuth 2.1 as MCP asks for it. Whoever comes is logged in as
// `user-1` and agrees to everything.
// usage: PORT=4000 JWK='{"kty":"RSA",…}' node oidc-server.mjs      listens on the loopback address, prints one line when ready
//
// Clients: `support-app` and `stranger-app`, public, and whoever registers. Tokens are JWTs for the one resource that is
// asked for, living ten minutes, with the scopes of it that are asked for.
import Provider from "oidc-provider";

const { PORT, JWK } = process.env;
const issuer = `http://127.0.0.1:${PORT}`;
const SCOPES = "mcp:refund mcp:read";
const public_ = (client_id) => ({
  client_id,
  application_type: "native",
  token_endpoint_auth_method: "none",
  redirect_uris: ["http://127.0.0.1/callback"],
  grant_types: ["authorization_code"],
  response_types: ["code"],
});

const provider = new Provider(issuer, {
  clients: ["support-app", "stranger-app"].map(public_),
  jwks: { keys: [JSON.parse(JWK)] },
  cookies: { keys: ["of this run alone"] },
  scopes: SCOPES.split(" "),
  pkce: { required: () => true },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  features: {
    devInteractions: { enabled: false },
    registration: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_ctx, resource) => ({
        scope: SCOPES,
        audience: resource,
        accessTokenTTL: 600,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "RS256" } },
      }),
    },
  },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  const { prompt, params, session, grantId } = await provider.interactionDetails(ctx.req, ctx.res);
  if (prompt.name === "login") {
    return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: "user-1" } });
  }
  const known = grantId && (await provider.Grant.find(grantId));
  const grant = known || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  for (const [resource, scopes] of Object.entries(prompt.details.missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(" "));
  }
  grant.addOIDCScope("openid");
  return provider.interactionFinished(ctx.req, ctx.res, { consent: { grantId: await grant.save() } });
});

provider.listen(Number(PORT), "127.0.0.1", () => console.log(`authorization server on ${issuer}`));
process.on("SIGTERM", () => process.exit(0));
