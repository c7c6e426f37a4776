import type { ResponsesConfig } from "./config";

/** Methods that name nothing: what they list is seen by every client that may call them. */
export type ListMethod = "prompts/list" | "resources/list" | "resources/templates/list";

/** Methods that name a prompt, a resource, or either. `resources/subscribe` and its opposite are of the legacy era. */
export type ObjectMethod =
  "completion/complete" | "prompts/get" | "resources/read" | "resources/subscribe" | "resources/unsubscribe";

/** Methods that can be opened beside those that are always spoken. `subscriptions/listen` is of the modern era. */
export type MethodName = ListMethod | ObjectMethod | "subscriptions/listen";

/** What clients may send besides calls of tools, by the method's own name. What is not here does not exist for them. */
export type MethodsConfig = { readonly [M in ListMethod]?: MethodConfig } & {
  readonly [M in ObjectMethod]?: ObjectMethodConfig;
} & {
  readonly "subscriptions/listen"?: SubscriptionConfig;
};

/** What holds for each of them. */
export interface MethodConfig {
  /** Calls a minute by all clients together, over all tasks, 1 to 100000. */
  readonly callsPerMinute: number;
  /** Calls a minute by each client, over all tasks, 1 to 100000. @default no limit of its own */
  readonly callsPerMinutePerClient?: number;
  /** OAuth scopes that a token needs, all of them. API keys carry none: their `methods` list decides. @default none */
  readonly scopes?: readonly string[];
  /** Seconds until a call is ended with an error, 1 to 3600. @default 30; of `subscriptions/listen` 3600 */
  readonly timeoutSeconds?: number;
  /** What the server may answer. Of a stream its whole length counts. @default 1024 KiB, and nothing is looked for */
  readonly responses?: ResponsesConfig;
}

/** What holds for a method that names something. */
export interface ObjectMethodConfig extends MethodConfig {
  /**
   * What may be named, 1 to 100: to the letter, or by its beginning. Of `prompts/get` names of prompts, of resources their
   * URIs, of `completion/complete` both (of a template of resources the template itself).
   */
  readonly allow: readonly AllowedObject[];
  /**
   * Whether what was named by a beginning is written to the audit record (cut at 256 bytes). What is allowed to the letter
   * always is. @default false: its type and length
   */
  readonly log?: boolean;
  /**
   * Longest value of an argument of `prompts/get`, or of what `completion/complete` is to complete, in code points, 1 to
   * 65536. Refused of the others, which have no such values. @default 1000
   */
  readonly maxValueLength?: number;
}

/** What holds for streams of changes. One that is ended by its timeout is opened again by its client. */
export interface SubscriptionConfig extends MethodConfig {
  /** Resources whose changes may be asked for, 0 to 100. @default none: changes of the lists alone */
  readonly allow?: readonly AllowedObject[];
}

/**
 * One object to the letter, or all that begin so: `{ startsWith: "file:///srv/docs/" }`. A beginning ends with `/` (of
 * prompts also with `.`, `_` or `-`), and what follows may hold only letters, digits and `_ . ~ @ + , = - /`, no empty segment
 * and none of dots alone: nothing can be climbed out of, and there is nothing to decode.
 */
export type AllowedObject = string | { readonly startsWith: string };
