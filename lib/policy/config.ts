import type { MirroredKeysConfig } from "../key-mirror/config";
import type { MethodName } from "./methods-config";

export type * from "./methods-config";

/** How clients prove who they are. API keys need nothing here: they belong to the clients. */
export interface AuthConfig {
  /** Tokens of an OAuth 2 authorization server. @default none: API keys only */
  readonly jwt?: JwtConfig;
}

/** Bearer tokens (RFC 9068 style), verified by the gateway alone. */
export interface JwtConfig {
  /** The `iss` claim, exactly, an https URL. Also the authorization server that clients are sent to. */
  readonly issuer: string;
  readonly keys: JwtKeysConfig;
  /** The `aud` claim. @default the server's own URL, `https://HOST/PATH`, as RFC 8707 asks */
  readonly audience?: string;
  /**
   * Algorithms that its tokens may be signed with, 1 to 3, each with its own kind of key: RSA of 2048 bits or more for
   * `RS256` and `PS256`, P-256 for `ES256`. A token cannot ask for another. Where keys are mirrored, only such ones are
   * copied.
   * @default ["RS256"]
   */
  readonly algorithms?: readonly TokenAlgorithm[];
  /** Longest life of a token from `iat` to `exp`, in minutes, 1 to 60. @default 60 */
  readonly maxLifetimeMinutes?: number;
}

/** Signatures that the gateway can verify without knowing a secret. */
export type TokenAlgorithm = "RS256" | "PS256" | "ES256";

/** Where the issuer's public keys come from. */
export type JwtKeysConfig =
  /** A JWK set in the configuration (public keys that fit `algorithms`, with `kid`): no egress; a new key needs a deployment. */
  | { readonly kind: "inline"; readonly jwks: JwkSet }
  /** Copied to S3 on a schedule, so that tasks need no internet. */
  | MirroredKeysConfig
  /** Fetched by the gateway itself, which would need the internet. Not supported yet: refused at synth; use `mirrored`. */
  | { readonly kind: "fetched"; readonly uri: string };

/** A JSON Web Key set (RFC 7517), public keys only. */
export interface JwkSet {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/** One application that calls. It may do only what is listed. */
export interface ClientConfig {
  readonly identity: ClientIdentity;
  /** Names from the server's tool table. What is not listed is refused. */
  readonly tools: readonly string[];
  /** Names from the server's `methods`. What is not listed is refused. @default none */
  readonly methods?: readonly MethodName[];
  /** Messages of all kinds a minute, over all tasks, 1 to 100000. @default 600 */
  readonly callsPerMinute?: number;
  /**
   * Messages of all kinds that run at the same time on one task, open streams among them, 1 to 256. One more is refused at
   * once (429): nothing waits. Holds for each task, as that of a tool: times `run.tasks.max` for all of them. Refused beside
   * a tool of the client's that has one of its own, because a call is counted in one place. @default no limit of its own
   */
  readonly callsAtOncePerTask?: number;
}

/** How a client is recognised. */
export type ClientIdentity =
  /** A key of 256 bits in a secret of the client's own, sent as `Authorization: Bearer hmk_…` or `X-API-Key`. */
  | {
      readonly kind: "apiKey";
      /** Days between changes, 2 to 90: tasks take new values once a day (1 with `rotation.pickUp: "fast"`). @default 30 */
      readonly rotateDays?: number;
      /** ARNs of the roles that may read the client's secret; all others are denied. @default none: nobody reads it until a role is named */
      readonly readers?: readonly string[];
    }
  /** A token whose claim has this value, as `{ claim: "client_id", equals: "support-app" }`. */
  | { readonly kind: "jwt"; readonly claim: string; readonly equals: string }
  /** A certificate that the load balancer has verified: needs `ingress.clientCertificates`. A key or token in the call goes first. */
  | {
      readonly kind: "mtls";
      /** Subject of the certificate, exactly and whole, as the load balancer writes it: `CN=ci-bot,O=acme`. */
      readonly subject: string;
      /** Issuer, exactly: for trust stores of several authorities, any of which could name the subject. @default any of the trust store */
      readonly issuer?: string;
      /** Serial number in hexadecimal: this one certificate, until it is renewed. @default any */
      readonly serial?: string;
    };

/** What a tool does to the world. Readers of the report see it; windows and splits depend on it. */
export type ToolAccess = "read" | "write" | "destructive";

/** One tool of the server and all that holds for it. A tool that is not in the table does not exist for clients. */
export interface ToolConfig {
  readonly access: ToolAccess;
  /** OAuth scopes that a token needs, all of them. API keys carry no scopes: their `tools` list decides. @default none */
  readonly scopes?: readonly string[];
  /** Calls a minute by all clients together, over all tasks, 1 to 100000. */
  readonly callsPerMinute: number;
  /** Calls a minute by each client, over all tasks, 1 to 100000. @default no limit of its own */
  readonly callsPerMinutePerClient?: number;
  /**
   * Calls that run at the same time on one task, 1 to 256. One more is refused at once (429): nothing waits. Holds for each
   * task, because tasks do not know what runs elsewhere: times `run.tasks.max` for all of them. @default no limit of its own
   */
  readonly callsAtOncePerTask?: number;
  /** Seconds until a call is ended with an error, 1 to 3600. Over 110 it may be cut by a deployment. */
  readonly timeoutSeconds: number;
  /** The arguments, each checked on the raw body. One that is not listed is refused. @default none */
  readonly arguments?: Readonly<Record<string, ArgumentConfig>>;
  /** Name of a window of the server, outside of which the tool is refused. @default always */
  readonly window?: string;
  /** What the server may answer. @default 1024 KiB, and nothing is looked for */
  readonly responses?: ResponsesConfig;
}

/** What may come back from a call of a tool. */
export interface ResponsesConfig {
  /**
   * Largest answer in KiB, 1 to 1024: of one in JSON, or of a whole stream. One in JSON is read whole before it goes on; a
   * longer one is an error for its caller, and a stream ends with one. @default 1024
   */
  readonly maxKib?: number;
  /**
   * What an answer must not hold, 0 to 20: it is refused, and recorded as `response-refused`. Finds what got into an
   * answer by accident, in plain text; not what somebody has encoded to get it out. Costs a search of the answer for each.
   * @default none
   */
  readonly refuse?: readonly Leak[];
}

/** What must not get out: something of a known form, or of one of your own. */
export type Leak =
  | LeakName
  | {
      /** For the record: lower-case letters, digits and `-`. */
      readonly name: string;
      /** Text that it begins with, 3 to 64 characters that JSON writes as they are. */
      readonly startsWith: string;
      /** What comes then. */
      readonly then: "hex" | "alphanumeric" | "base64url";
      /** Of that so many characters or more, 1 to 256. */
      readonly atLeast: number;
    };

/**
 * Ids of access keys (`AKIA…`, `ASIA…`), PEM or PGP private keys, keys of this gateway's clients (`hmk_…`), tokens of
 * GitHub.
 */
export type LeakName = "aws-access-key" | "private-key" | "client-key" | "github-token";

/**
 * One argument. The subset of JSON Schema that the gateway can check exactly: at most 8 levels deep, and 200 arguments of
 * a tool, nested ones included.
 */
export type ArgumentConfig =
  StringArgument | NumberArgument | BooleanArgument | ArrayArgument | ObjectArgument | ChoiceArgument;

/** What every argument may say. */
export interface CommonArgument {
  /** Whether a call without it is refused. @default false */
  readonly required?: boolean;
  /** Whether `null` is taken beside what the rest says, as JSON Schema's `type: [TYPE, "null"]`. @default false */
  readonly nullable?: boolean;
  /** Whether its value is written to the audit record (strings cut at 256 bytes). Else only its type and length. @default false */
  readonly log?: boolean;
}

/** Some of the fields `K` of `T`, at least one. */
type Needs<T, K extends keyof T> = { [P in K]-?: T & Required<Pick<T, P>> }[K];

/**
 * Forms of text, each exactly that of its standard less what is named here; see docs/arguments.md.
 * `date` and `date-time` (RFC 3339: upper case, no leap seconds), `uuid` (RFC 9562), `email` (RFC 5321: no quoted names, no
 * addresses of machines), `hostname` (RFC 1123), `ipv4`, `ipv6` (RFC 4291: no zones), `uri` (RFC 3986: absolute),
 * `https-uri` (of a host, with neither user nor password).
 */
export type ArgumentFormat =
  "date" | "date-time" | "uuid" | "email" | "hostname" | "ipv4" | "ipv6" | "uri" | "https-uri";

/** Text. */
export type StringArgument = Needs<StringRules, "maxLength" | "enum" | "const" | "format">;

/** What may be said of a text. */
export interface StringRules extends CommonArgument {
  readonly type: "string";
  /** Code points, 0 to 1048576. @default that of the longest value or of the format; required without these */
  readonly maxLength?: number;
  /** @default 0 */
  readonly minLength?: number;
  /** The only values allowed, 1 to 200. */
  readonly enum?: readonly string[];
  /** The only value allowed. */
  readonly const?: string;
  /** A regular expression (RE2) for the whole value. Refused beside `format`. */
  readonly pattern?: string;
  readonly format?: ArgumentFormat;
}

/** A number: of `integer` a whole one up to 2^53 - 1 either way, because beyond it two readers may see two numbers. */
export interface NumberArgument extends CommonArgument {
  readonly type: "integer" | "number";
  readonly minimum?: number;
  readonly maximum?: number;
  /** Refused beside `minimum`. */
  readonly exclusiveMinimum?: number;
  /** Refused beside `maximum`. */
  readonly exclusiveMaximum?: number;
  /** Of an `integer` alone, and a whole number from 1: of fractions no two readers agree. */
  readonly multipleOf?: number;
  /** The only values allowed, 1 to 200. */
  readonly enum?: readonly number[];
  /** The only value allowed. */
  readonly const?: number;
}

/** True or false. */
export interface BooleanArgument extends CommonArgument {
  readonly type: "boolean";
  /** The only value allowed. */
  readonly const?: boolean;
}

/** A list of like things. */
export interface ArrayArgument extends CommonArgument {
  readonly type: "array";
  readonly items: ArgumentConfig;
  /** 0 to 10000. */
  readonly maxItems: number;
  readonly minItems?: number;
  /** Whether no value may stand in it twice. Of texts, numbers and booleans alone. @default false */
  readonly uniqueItems?: boolean;
}

/** An object with named properties; others are refused. */
export interface ObjectArgument extends CommonArgument {
  readonly type: "object";
  readonly properties: Readonly<Record<string, ArgumentConfig>>;
  /** Always so, and may be said: what is not declared cannot be checked. @default false */
  readonly additionalProperties?: false;
  /** @default 0 */
  readonly minProperties?: number;
  /** @default as many as there are */
  readonly maxProperties?: number;
}

/**
 * One of several objects, told apart by one property that is required in each and has another `const` in each, as
 * `{ type: "object", oneOf: [{ type: "object", properties: { kind: { type: "string", const: "card", required: true } } }] }`.
 */
export interface ChoiceArgument extends CommonArgument {
  readonly type: "object";
  /** 2 to 50. Of these only `properties`, `minProperties` and `maxProperties` count. */
  readonly oneOf: readonly ObjectArgument[];
}

/** A stretch of time, in UTC: `{ from: "2026-12-31T20:00Z", to: "2026-12-31T23:00Z" }`. */
export interface WindowInterval {
  readonly from: string;
  readonly to: string;
}

/** Revisions of the protocol that are spoken: `modern` is 2026-07-28 and later, `legacy` 2025-11-25 and earlier. */
export type Era = "modern" | "legacy" | "both";
