import { constants, createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { GATEWAY, KEY_PREFIX, keyHashesVariable } from "../../gateway/contract";
import type { KeyAlgorithm } from "../../runtime/mirror/keys";
import { CliError } from "../io";
import type { GatewayTask } from "./gateway-task";
import { fields, list, text } from "./json";

/** An API key for development and the digest that the gateway knows it by. */
export function makeKey(): { readonly key: string; readonly digest: string } {
  const key = `${KEY_PREFIX}${randomBytes(32).toString("base64url")}`;
  return { key, digest: createHash("sha256").update(key).digest("hex") };
}

/** An authorization server for the length of a run: a key, and tokens signed with it. */
export class LocalIssuer {
  private readonly privateKey: KeyObject;
  public readonly jwks: { readonly keys: readonly object[] };

  /** @param alg what it signs with. */
  public constructor(private readonly alg: "RS256" | "PS256" | "ES256" = "RS256") {
    const { privateKey, publicKey } =
      alg === "ES256"
        ? generateKeyPairSync("ec", { namedCurve: "P-256" })
        : generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.privateKey = privateKey;
    this.jwks = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "local", use: "sig", alg }] };
  }

  /** An issuer that signs as the one of a task does. */
  public static of(task: GatewayTask): LocalIssuer {
    return new LocalIssuer(algorithmsOf(task)[0]);
  }

  /** A token that begins now and lasts for `seconds`. */
  public token(claims: Readonly<Record<string, unknown>>, seconds: number, now = Date.now()): string {
    const iat = Math.floor(now / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const head = part({ alg: this.alg, typ: "at+jwt", kid: "local" });
    const signed = `${head}.${part({ iat, exp: iat + seconds, ...claims })}`;
    const signature = sign("sha256", Buffer.from(signed), {
      key: this.privateKey,
      dsaEncoding: "ieee-p1363",
      ...(this.alg === "PS256" && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
    });
    return `${signed}.${signature.toString("base64url")}`;
  }
}

/** What tokens of a task may be signed with; nothing where it takes none. */
export function algorithmsOf(task: GatewayTask): readonly KeyAlgorithm[] {
  const { algorithms } = fields(JSON.parse(task.environment[GATEWAY.env.policy] ?? "{}"));
  return list(algorithms ?? []).filter(
    (name): name is KeyAlgorithm => name === "RS256" || name === "PS256" || name === "ES256",
  );
}

/** A client and what it sends. */
export interface LocalClient {
  readonly client: string;
  /** The whole header line, to be pasted. */
  readonly header: string;
  readonly note: string;
  readonly tools: readonly string[];
}

/** What the gateway gets in place of secrets, and what clients send. */
export interface Credentials {
  readonly environment: Readonly<Record<string, string>>;
  readonly clients: readonly LocalClient[];
}

/**
 * Makes a credential for every client of a task's policy. Where tokens come from an issuer that runs already, says which one
 * a client has to bring.
 * @param issuer signs tokens; absent where somebody else does
 * @param issued who tokens are from and for, when there are any
 */
export function makeCredentials(
  task: GatewayTask,
  issuer: LocalIssuer | undefined,
  issued: { readonly issuer: string; readonly audience: string } | undefined,
): Credentials {
  const policy = fields(JSON.parse(task.environment[GATEWAY.env.policy] ?? "{}"));
  const environment: Record<string, string> = {};
  const lifetime = Number(policy.lifetime ?? 0);
  const known = fields(policy.tools);
  const clients = Object.entries(fields(policy.clients)).map(([client, value]): LocalClient => {
    const { by, claim, is, tools } = fields(value);
    const shown = { client, tools: list(tools).map(text) };
    if (by === "key") {
      const variable = keyHashesVariable(client);
      if (!task.secrets.includes(variable)) {
        throw new CliError(`${task.address} maps no secret to ${variable}, so ${client} could never call`);
      }
      const { key, digest } = makeKey();
      environment[variable] = digest;
      return { ...shown, header: `Authorization: Bearer ${key}`, note: "API key" };
    }
    if (by === "mtls") {
      throw new CliError(
        `${client} is known by a certificate that the load balancer verifies, and there is none here: ` +
          "give it a key or a token for a trial, or try it in a sandbox in AWS",
      );
    }
    if (issued === undefined) throw new CliError(`${client} calls with a token and no issuer is configured`);
    const { issuer: iss, audience: aud } = issued;
    // Everything that its tools ask for: locally there is nobody to step up with.
    const needed = shown.tools.flatMap((tool) => list(fields(known[tool])["scopes"] ?? []).map(text));
    const scopes = [...new Set(needed)].sort().join(" ");
    if (issuer === undefined) {
      const header = `Authorization: Bearer <token of ${iss} for ${aud}>`;
      const says = `${text(claim)} ${JSON.stringify(text(is))}${scopes && ` and scope ${scopes}`}`;
      const minutes = Math.round(lifetime / 60);
      return { ...shown, header, note: `token with ${says}, that lives at most ${minutes} minutes` };
    }
    const claims = { iss, aud, sub: client, ...(scopes && { scope: scopes }), [text(claim)]: is };
    const note = `token, ${Math.round(lifetime / 60)} minutes${scopes && `, scope ${scopes}`}`;
    return { ...shown, header: `Authorization: Bearer ${issuer.token(claims, lifetime)}`, note };
  });
  return { environment, clients };
}
