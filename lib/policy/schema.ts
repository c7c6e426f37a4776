import type {
  AllowedPolicy,
  ClientPolicy,
  Interval,
  IssuerRules,
  LeakRule,
  LimitsPolicy,
  MethodPolicy,
  PolicyDocument,
  ToolPolicy,
} from "./document";
import type { JsonSchema } from "./argument-schema";
import { ARGUMENTS_SCHEMA } from "./schema-arguments";

/** Every field of a type: one that is added to the document must be described here. */
type Described<T> = Record<keyof Required<T> & string, JsonSchema & { readonly description: string }>;

const text = (description: string, more: JsonSchema = {}) => ({ type: "string", ...more, description });
const count = (description: string, minimum = 1, maximum = Number.MAX_SAFE_INTEGER) => ({
  type: "integer",
  minimum,
  maximum,
  description,
});
const list = (items: JsonSchema, description: string) => ({
  type: "array",
  items,
  uniqueItems: true,
  description,
});
const table = (names: string, of: JsonSchema, description: string) => ({
  type: "object",
  propertyNames: { pattern: names },
  additionalProperties: of,
  description,
});

/** An object with these fields and no others. */
function closed(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", properties, required, additionalProperties: false };
}

const NAME = "^[a-z][a-z0-9-]{0,31}$";
const TOOL = "^[A-Za-z0-9_.-]{1,128}$";
const METHOD = "^[A-Za-z0-9_/.-]{1,128}$";
const INSTANT = "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$";

const issuer = {
  issuer: text("The `iss` claim, exactly.", { pattern: "^https://" }),
  audience: text("The `aud` claim, exactly, or one of a list."),
  algorithms: list(text("Of signatures."), "Algorithms that are taken; a token cannot ask for another."),
  maxLifetimeSeconds: count("Longest time from `iat` to `exp`.", 60, 3600),
} satisfies Described<IssuerRules>;

const jwks = {
  type: "object",
  required: ["keys"],
  properties: { keys: { type: "array", items: { type: "object" } } },
  description: "Public keys, RFC 7517, that stand in the configuration.",
};

const mirror = {
  ...closed({
    uri: text("The issuer's key document.", { pattern: "^https://" }),
    everyMinutes: count("Between two copies."),
    overlapMinutes: count("How long a key that is gone is kept.", 0),
  }),
  description: "Public keys are copied from here on a schedule.",
};

const limits = {
  scope: {
    enum: ["shared", "divided", "exact"],
    description:
      "How numbers hold over all tasks: shared among those that run, divided by `maxTasks`, or counted in one store.",
  },
  onFailure: {
    enum: ["closed", "open"],
    description: "What calls meet while the store of exact limits cannot be asked. Absent = there is none.",
  },
  callsPerMinutePerAddress: count("Requests of one address, before anybody is asked who they are."),
} satisfies Described<LimitsPolicy>;

const client = {
  identity: {
    oneOf: [
      closed({ kind: { const: "apiKey" } }),
      closed({
        kind: { const: "jwt" },
        claim: text("Name of the claim."),
        equals: text("Its value, exactly.", { minLength: 1 }),
      }),
      closed(
        {
          kind: { const: "mtls" },
          subject: text("Subject of its certificate, exactly.", { minLength: 3 }),
          issuer: text("Issuer, exactly. Absent = any that the load balancer trusts."),
          serial: text("Serial number, hexadecimal. Absent = any.", { pattern: "^[0-9A-F]+$" }),
        },
        ["issuer", "serial"],
      ),
    ],
    description:
      "How the client is recognised: by a key of its own, a claim of its token, or a certificate that the load balancer has verified.",
  },
  tools: list(text("Name of a tool.", { pattern: TOOL }), "Tools that it may call, and no others."),
  methods: list(text("Name of a method.", { pattern: METHOD }), "Of `openedMethods`. Absent = none."),
  callsPerMinute: count(
    "Messages of all kinds a minute, over all tasks: a bucket of so many, refilled evenly.",
    1,
    100_000,
  ),
  callsAtOncePerTask: count(
    "Messages of all kinds that run at the same time on one task, streams among them. Absent = no limit of its own.",
    1,
    256,
  ),
} satisfies Described<ClientPolicy>;

const leak = {
  startsWith: text("Text that it begins with."),
  then: { enum: ["any", "hex", "alphanumeric", "base64url"], description: "Characters that follow." },
  atLeast: count("So many of them.", 0, 256),
} satisfies Described<LeakRule>;

const tool = {
  access: {
    enum: ["read", "write", "destructive"],
    description: "What it does to the world.",
  },
  scopes: list(
    text("An OAuth scope.", { pattern: "^[!#-\\[\\]-~]+$" }),
    "All are needed by a token; keys have none.",
  ),
  callsPerMinute: count("Calls a minute by all clients together, over all tasks.", 1, 100_000),
  callsPerMinutePerClient: count("Calls a minute by each client. Absent = no limit of its own.", 1, 100_000),
  callsAtOncePerTask: count(
    "Calls that run at the same time on one task. Absent = no limit of its own.",
    1,
    256,
  ),
  timeoutSeconds: count("Until a call is ended with an error.", 1, 3600),
  arguments: {
    $ref: "#/$defs/arguments",
    description: "What may be sent. An argument that is not listed is refused.",
  },
  window: text("Name in `windows`, outside of which calls are refused. Absent = always open."),
  maxResponseBytes: count("Of an answer in JSON, or of a whole stream.", 1024),
  refuse: table(
    NAME,
    { type: "array", items: closed(leak) },
    "What an answer must not hold, by name. Absent = nothing is looked for.",
  ),
} satisfies Described<ToolPolicy>;

const allowed = {
  exact: list(text("Name of a prompt, or URI of a resource."), "To the letter."),
  startsWith: list(
    text("Beginning of one."),
    "What follows is of letters, digits and _ . ~ @ + , = - /, with no segment that is empty or of dots alone.",
  ),
} satisfies Described<AllowedPolicy>;

const method = {
  era: { enum: ["modern", "legacy"], description: "The era that it is spoken in. Absent = both." },
  scopes: tool.scopes,
  callsPerMinute: tool.callsPerMinute,
  callsPerMinutePerClient: tool.callsPerMinutePerClient,
  timeoutSeconds: count("Until a call, or a stream, is ended.", 1, 3600),
  allow: { ...closed(allowed), description: "What it may name. Absent = it names nothing." },
  log: {
    const: true,
    description: "What is named by a beginning is written to the audit record. Absent = its type and length.",
  },
  maxValueLength: count(
    "Code points of each value that is no object's name. Absent = it has none.",
    1,
    65_536,
  ),
  maxResponseBytes: tool.maxResponseBytes,
  refuse: tool.refuse,
} satisfies Described<MethodPolicy>;

const interval = {
  from: text("Included, UTC.", { pattern: INSTANT }),
  to: text("Excluded, UTC.", { pattern: INSTANT }),
} satisfies Described<Interval>;

/** What stands in a policy document, field by field. */
export const POLICY_FIELDS = {
  version: {
    enum: [1, 2],
    description:
      "Changes when a reader of an older document would misread a new one: 2 where methods are opened, else 1.",
  },
  server: text("Name of the server in the configuration.", { pattern: NAME }),
  split: {
    const: "read-write",
    description: "Tools that read run in one service, the others in another. Absent = in one.",
  },
  half: {
    enum: ["read", "write"],
    description: "Which of two services this is of. Absent = of the whole server.",
  },
  hostname: text("Host that clients use."),
  path: text("Path of the one endpoint.", { pattern: "^/" }),
  resource: text("The server's own URL, as RFC 8707 and RFC 9728 mean it.", { pattern: "^https://" }),
  era: {
    enum: ["modern", "legacy", "both"],
    description: "modern: revision 2026-07-28 and later; legacy: before.",
  },
  sessions: {
    const: "single-task",
    description:
      "The server keeps sessions of the legacy era in the memory of its one task; an id is bound to the caller who opened it. Absent = none.",
  },
  protocolVersions: table(
    "^\\d{4}-\\d\\d-\\d\\d$",
    { enum: ["modern", "legacy"] },
    "Revisions of the protocol that are spoken, each with its era.",
  ),
  methods: list(
    text("A JSON-RPC method."),
    "Methods that reach the server; notifications are all let through.",
  ),
  allowedOrigins: list(text("An origin."), "Web origins that may call from a browser."),
  maxBodyBytes: count("Of one message; longer ones are refused unread."),
  maxDepth: count("Levels of nesting of a message."),
  maxValues: count("Values in a message."),
  maxTasks: count("Tasks at most: a limit is shared among that many.", 1, 100),
  messageTimeoutSeconds: count("Until a message that is no tool call is ended."),
  limits: { ...closed(limits, ["onFailure"]), description: "How limits hold over all tasks." },
  issuers: {
    type: "array",
    maxItems: 1,
    items: { oneOf: [closed({ ...issuer, jwks }), closed({ ...issuer, mirror })] },
    description: "Authorization servers whose tokens are taken, none or one.",
  },
  scopes: list(
    text("An OAuth scope."),
    "Scopes that a client should ask for first: those of the tools that only read.",
  ),
  clients: table(
    NAME,
    closed(client, ["methods", "callsAtOncePerTask"]),
    "Who may call, by name. Nobody else is let in.",
  ),
  tools: table(
    TOOL,
    closed(tool, ["callsPerMinutePerClient", "callsAtOncePerTask", "window", "refuse"]),
    "What can be called, by the tool's own name. Others do not exist for clients.",
  ),
  openedMethods: table(
    METHOD,
    closed(method, ["era", "callsPerMinutePerClient", "allow", "log", "maxValueLength", "refuse"]),
    "Methods besides calls of tools, for the clients that name them. Absent = none.",
  ),
  windows: table(
    NAME,
    { type: "array", items: closed(interval) },
    "Times in which tools that name one may be called.",
  ),
  listed: table(
    NAME,
    table(TOOL, list(text("An OAuth scope."), "All are needed by a token."), "Tools of the other half."),
    "What each client may call in the half that writes: the half that reads lists it. Absent = not split.",
  ),
} satisfies Described<PolicyDocument>;

/**
 * JSON Schema (2020-12) of `PolicyDocument`, versions 1 and 2: what everything is rendered from, and what `hardened-mcp policy
 * --json` prints. What is logged of a call is said by its arguments: the value of one with `log`, else type and length.
 */
export const POLICY_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:hardened-mcp:policy:2",
  title:
    "Policy of an MCP server: who may call which tool, with which arguments, how often, how long and when",
  ...closed(POLICY_FIELDS, ["split", "half", "sessions", "openedMethods", "listed"]),
  $defs: ARGUMENTS_SCHEMA,
};
