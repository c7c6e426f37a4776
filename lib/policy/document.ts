import type { KeyMirrorModel } from "../key-mirror/model";
import type { ArgumentConfig, Era, TokenAlgorithm, ToolAccess } from "./config";

/**
 * Who may do what, how much, how long and when, of one server. Engine-neutral: the gateway, the firewall's tool rules,
 * alarms, a worker at the edge and the report are all rendered from it. Plain data, every default resolved.
 */
export interface PolicyDocument {
  /**
   * Changes when a reader of an older document would misread a new one: 2 where methods are opened, which who knows tools
   * alone would not see; else 1.
   */
  readonly version: 1 | 2;
  /** Name of the server in the configuration. */
  readonly server: string;
  /** Set where the tools run in two services; absent = in one. */
  readonly split?: "read-write";
  /** Which of two services this is the policy of; absent = of the whole server. */
  readonly half?: "read" | "write";
  readonly hostname: string;
  readonly path: string;
  /** The server's own URL, `https://HOST/PATH`, as RFC 8707 and RFC 9728 mean it. */
  readonly resource: string;
  readonly era: Era;
  /**
   * Set where the server keeps sessions of the legacy era in the memory of its one task: then `GET` and `DELETE` reach it,
   * too, and a session's id is bound to the caller who opened it. Absent = none.
   */
  readonly sessions?: "single-task";
  /** Revisions of the protocol that are spoken, each with the era it belongs to. */
  readonly protocolVersions: Readonly<Record<string, "modern" | "legacy">>;
  /** JSON-RPC methods that reach the server, notifications apart (they are all let through, they answer nothing). */
  readonly methods: readonly string[];
  /** Web origins that may call from a browser. */
  readonly allowedOrigins: readonly string[];
  readonly maxBodyBytes: number;
  /** Levels of nesting of a message, and values in it. */
  readonly maxDepth: number;
  readonly maxValues: number;
  /** Tasks at most: a limit is shared among that many. */
  readonly maxTasks: number;
  /** Until a message that is no tool call is ended. */
  readonly messageTimeoutSeconds: number;
  readonly limits: LimitsPolicy;
  /** Issuers of tokens, none or one. */
  readonly issuers: readonly IssuerPolicy[];
  /**
   * Scopes that a client should ask for first, sorted: those of the tools that only read. What a write or destructive
   * tool needs is named by the refusal of a call without it.
   */
  readonly scopes: readonly string[];
  readonly clients: Readonly<Record<string, ClientPolicy>>;
  readonly tools: Readonly<Record<string, ToolPolicy>>;
  /** Methods besides, by their names, for the clients that name them; absent = none. */
  readonly openedMethods?: Readonly<Record<string, MethodPolicy>>;
  readonly windows: Readonly<Record<string, readonly Interval[]>>;
  /**
   * Tools of the other half that each client may call, with the scopes they need: the half that reads shows them in its
   * list. Absent = the server is not split, or this is the half that writes, which lists nothing.
   */
  readonly listed?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** An authorization server, what its tokens must look like, and where its public keys come from. */
export type IssuerPolicy = IssuerRules &
  (
    | {
        /** Public keys, RFC 7517. */
        readonly jwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
        readonly mirror?: undefined;
      }
    | { readonly jwks?: undefined; readonly mirror: KeyMirrorModel }
  );

/** What tokens of an authorization server must look like. */
export interface IssuerRules {
  readonly issuer: string;
  readonly audience: string;
  /** A token cannot ask for another. */
  readonly algorithms: readonly TokenAlgorithm[];
  readonly maxLifetimeSeconds: number;
}

/** How limits hold over all tasks. */
export interface LimitsPolicy {
  readonly scope: "shared" | "divided" | "exact";
  /** What calls meet while the store of exact limits cannot be asked; absent where there is none. */
  readonly onFailure?: "closed" | "open";
  /** Before authentication. */
  readonly callsPerMinutePerAddress: number;
}

/** One application that calls. */
export interface ClientPolicy {
  readonly identity:
    | { readonly kind: "apiKey" }
    | { readonly kind: "jwt"; readonly claim: string; readonly equals: string }
    | {
        readonly kind: "mtls";
        readonly subject: string;
        readonly issuer?: string;
        readonly serial?: string;
      };
  readonly tools: readonly string[];
  /** Names in `openedMethods`; absent = none. */
  readonly methods?: readonly string[];
  /** Messages of all kinds, over all tasks. */
  readonly callsPerMinute: number;
  /** Messages of all kinds that run at the same time on one task, streams among them; absent = no limit of its own. */
  readonly callsAtOncePerTask?: number;
}

/** One tool and all that holds for it. */
export interface ToolPolicy {
  readonly access: ToolAccess;
  /** All of them are needed by a token; keys have none. */
  readonly scopes: readonly string[];
  /** Calls by all clients together, over all tasks. */
  readonly callsPerMinute: number;
  /** Calls by each client, over all tasks; absent = no limit of its own. */
  readonly callsPerMinutePerClient?: number;
  /** Calls that run at the same time on one task; absent = no limit of its own. */
  readonly callsAtOncePerTask?: number;
  readonly timeoutSeconds: number;
  readonly arguments: Readonly<Record<string, ArgumentConfig>>;
  /** Name in `windows`; absent = always. */
  readonly window?: string;
  /** Of an answer in JSON, or of a whole stream. */
  readonly maxResponseBytes: number;
  /** What an answer must not hold, by name; absent = nothing is looked for. */
  readonly refuse?: Readonly<Record<string, readonly LeakRule[]>>;
}

/** A method that is opened, and all that holds for it. */
export interface MethodPolicy extends Pick<
  ToolPolicy,
  "scopes" | "callsPerMinute" | "callsPerMinutePerClient" | "timeoutSeconds" | "maxResponseBytes" | "refuse"
> {
  /** The era that it is spoken in; absent = both. */
  readonly era?: "modern" | "legacy";
  /** What it may name; absent = it names nothing. */
  readonly allow?: AllowedPolicy;
  /** Whether what is named by a beginning is written to the audit record; absent = its type and length. */
  readonly log?: true;
  /** Code points of each value that is no object's name; absent = it carries none. */
  readonly maxValueLength?: number;
}

/** Names of prompts, or URIs of resources. */
export interface AllowedPolicy {
  /** To the letter. */
  readonly exact: readonly string[];
  /** Beginnings; what follows can lead nowhere else. */
  readonly startsWith: readonly string[];
}

/** A text, and what must follow for it to be a leak. */
export interface LeakRule {
  readonly startsWith: string;
  readonly then: "any" | "hex" | "alphanumeric" | "base64url";
  readonly atLeast: number;
}

/** From (inclusive) to (exclusive), in UTC, as `2026-12-31T20:00:00.000Z`. */
export interface Interval {
  readonly from: string;
  readonly to: string;
}
