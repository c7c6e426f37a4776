import { POLICY_FIELDS, POLICY_SCHEMA } from "../policy/schema";
import { REPORTED_POLICY, RESULTS } from "./report";

/** JSON Schema, as far as it is used here. */
export type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: "string" };
const count: Schema = { type: "integer", minimum: 0 };
const number: Schema = { type: "number", minimum: 0 };
const flag: Schema = { type: "boolean" };
const day: Schema = { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" };
const instant: Schema = { type: "string", format: "date-time" };
const texts = list(text);
const result: Schema = { enum: RESULTS };
const counts = object(Object.fromEntries(RESULTS.map((each) => [each, count])));

function list(items: Schema): Schema {
  return { type: "array", items };
}

function record(values: Schema): Schema {
  return { type: "object", additionalProperties: values };
}

/** Closed: what is not named is not there. */
function object(required: Readonly<Record<string, Schema>>, optional: Readonly<Record<string, Schema>> = {}) {
  return {
    type: "object",
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

const item: Schema = { type: "integer", minimum: 1, maximum: 15 };
const waiver = { field: text, reason: text, until: day };
const interval = object({ from: instant, to: instant });
const access: Schema = { enum: ["read", "write", "destructive"] };
const maps = object({}, { owasp: texts, cosai: texts, nsa: texts, fsbp: texts, checkov: texts });

const declared = object(
  {
    path: text,
    kind: { enum: ["platform", "server", "part"] },
    version: text,
    deployment: text,
    posture: { enum: ["production", "sandbox"] },
    lifecycle: { enum: ["protected", "disposable"] },
    waivers: list(object(waiver, { control: text, at: text, seen: text })),
  },
  {
    part: text,
    existing: texts,
    windowed: record(text),
    providers: record(text),
    requiredTags: { type: "object" },
  },
);

/** As the policy's own schema says it, whose definitions stand at the end. */
const policy = object(
  Object.fromEntries(
    REPORTED_POLICY.flatMap((field) => (field === "openedMethods" ? [] : [[field, POLICY_FIELDS[field]]])),
  ),
  { openedMethods: POLICY_FIELDS.openedMethods },
);

const way = object({ says: text, sure: flag, by: texts });

const tampering = list(object({ action: text, on: texts, maybe: flag }, { despite: text }));

const used = { callsPerMinute: number, timeoutSeconds: number, scopes: texts };

const reach = object({
  services: list(
    object({
      name: text,
      address: text,
      waysIn: list(way),
      waysOut: list(way),
      rights: texts,
      containers: list(object({ container: text, secrets: texts, logs: texts })),
    }),
  ),
  credentials: list(
    object(
      {
        server: text,
        client: text,
        proof: text,
        messagesPerMinute: number,
        tools: list(
          object({ tool: text, access, ...used }, { window: object({ name: text, open: list(interval) }) }),
        ),
      },
      { methods: list(object({ method: text, ...used }, { names: texts })) },
    ),
  ),
  tampering: list(
    object({
      principal: text,
      could: object(
        Object.fromEntries(
          ["logs", "archive", "keys", "alarms", "firewall"].map((target) => [target, tampering]),
        ),
      ),
    }),
  ),
});

const drawing = object({
  networks: list(
    object(
      {
        name: text,
        doors: texts,
        tiers: list(
          object({
            subnets: list(object({ name: text }, { zone: text, range: text })),
            leadsTo: texts,
            holds: list(object({ kind: text, name: text })),
          }),
        ),
      },
      { range: text },
    ),
  ),
  beside: list(object({ what: text, count })),
});

const stack = object({
  stack: text,
  file: text,
  resources: count,
  declared: list(declared),
  drawing,
  way: list(object({ title: text, detail: text }, { beside: { const: true } })),
  policies: list(policy),
  reach,
  alarms: object({
    alarms: list(object({ name: text, says: text, ringsWithoutData: flag })),
    heardBy: texts,
  }),
  cost: object({
    lines: list(object({ part: text, of: text, month: number })),
    total: number,
    assumptions: texts,
  }),
});

const verdict = object(
  { control: text, item, result, says: text, why: text, stack: text, file: text },
  { address: text, path: text, detail: text, waiver: object({ ...waiver, lapsed: flag }), seen: text, maps },
);

/** JSON Schema 2020-12 of what `hardened-mcp check --format json` writes; `hardened-mcp check --schema` prints it. */
export const REPORT_SCHEMA: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Report of hardened-mcp check",
  ...object(
    {
      schema: { const: 1 },
      tool: object({ name: { const: "hardened-mcp" }, version: text }),
      asOf: day,
      ok: flag,
      counts,
      stacks: list(stack),
      items: list(object({ item, title: text, result, counts })),
      verdicts: list(verdict),
    },
    { strict: { const: true } },
  ),
  $defs: POLICY_SCHEMA.$defs,
};
