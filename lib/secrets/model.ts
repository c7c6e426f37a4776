import type { ServerConfig } from "../config";
import { POSTURES, type Posture, type PostureDefaults } from "../posture";
import { NAME, type Check, type Waiver } from "../validation";
import type { SecretConfig } from "./config";
import { checkServersWay, DATABASE_FIELDS, resolveDatabase, type DatabaseModel } from "./database-model";
import { checkRotateDays, DAILY, type DeliveryModel } from "./delivery/model";
import { EXISTING, resolveExisting, type ExistingModel } from "./existing-model";
import { GENERATED, resolveGenerated, type GeneratedModel } from "./generated-model";
import { resolveDays, ROTATE_DAYS } from "./rules";

export { SHORTEST_ROTATION_DAYS } from "./rules";

/** The secrets of a server with every default resolved. The gateway's own key pair is always among what is made. */
export interface SecretsModel {
  readonly clientKeys: readonly ClientKeyModel[];
  readonly generated: readonly GeneratedModel[];
  readonly databases: readonly DatabaseModel[];
  readonly existing: readonly ExistingModel[];
  readonly tls: { readonly rotateDays: number; readonly validDays: number };
  readonly recoveryDays: number;
  /** What was turned off in the open, by the id of the control that it concerns. */
  readonly waivers: readonly { readonly field: string; readonly control: string; readonly waiver: Waiver }[];
}

/** What secrets depend on elsewhere. */
export interface SecretsFacts {
  readonly posture: Posture;
  readonly defaults: Pick<PostureDefaults, "lifecycle">;
  /** What the server may reach. */
  readonly downstream: ServerConfig["downstream"];
  /** How values reach tasks. @default once a day, with rotation at any time */
  readonly delivery?: DeliveryModel;
}

/** How a single user of a database is waived: the field, and the control that it concerns. */
export const SINGLE_USER = { field: "secrets.users", control: "secrets.alternating-users" } as const;

/** The key of one client. */
export interface ClientKeyModel {
  readonly name: string;
  readonly rotateDays: number;
  /** Roles that may read it. */
  readonly readers: readonly string[];
}

/** What a client with an API key asks for. */
export interface ClientKeyRequest {
  readonly name: string;
  readonly rotateDays: number | undefined;
  readonly readers: readonly string[] | undefined;
}

/** A certificate outlives its rotation by this, so that a failed one can be noticed and mended. */
const CERTIFICATE_SPARE_DAYS = 90;

/** Fields of each kind. */
const FIELDS = { generated: GENERATED, existing: EXISTING, ...DATABASE_FIELDS } as const;

const ENV = { pattern: /^[A-Z][A-Z0-9_]*$/, form: "capital letters, digits and _", max: 128 } as const;
/** ARN of a role. */
export const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** Resolves the secrets of a server. `check` stands at the server, because clients own secrets too. */
export function resolveSecrets(
  config: ServerConfig["secrets"],
  clients: readonly ClientKeyRequest[],
  check: Check,
  facts: SecretsFacts,
): SecretsModel {
  const at = check.at("secrets");
  const taken = new Map<string, string>();
  const generated: GeneratedModel[] = [];
  const databases: DatabaseModel[] = [];
  const existing: ExistingModel[] = [];
  for (const [name, secret, atSecret] of at.entries(config, NAME)) {
    if (!checkCommon(name, secret, atSecret, taken)) continue;
    if (secret.kind === "generated") generated.push(resolveGenerated(name, secret, atSecret, resolveDays));
    else if (secret.kind === "existing") existing.push(resolveExisting(name, secret, atSecret));
    else databases.push(resolveDatabase(name, secret, atSecret, { ...facts, resolveDays }));
  }
  checkServersWay(databases, facts.downstream, at);
  checkAdministrators(databases, existing, at);
  const clientKeys = clients.map((client) =>
    resolveClientKey(client, check.at("clients", client.name, "identity")),
  );
  const { delivery = DAILY } = facts;
  for (const { name, rotateDays } of clientKeys)
    checkRotateDays(rotateDays, check.at("clients", name, "identity", "rotateDays"), delivery);
  for (const { name, rotateDays } of [...generated, ...databases])
    checkRotateDays(rotateDays, at.at(name, "rotateDays"), delivery);
  return {
    clientKeys,
    generated,
    databases,
    existing,
    tls: { rotateDays: ROTATE_DAYS, validDays: ROTATE_DAYS + CERTIFICATE_SPARE_DAYS },
    // A window keeps names taken, so that what was destroyed on purpose could not be deployed again.
    recoveryDays:
      POSTURES[facts.defaults.lifecycle === "disposable" ? "sandbox" : "production"].secretRecoveryDays,
    waivers: databases.flatMap(({ waiver }) => (waiver === undefined ? [] : [{ ...SINGLE_USER, waiver }])),
  };
}

/** Who makes users is nobody that a server may be. */
function checkAdministrators(
  databases: readonly DatabaseModel[],
  existing: readonly ExistingModel[],
  check: Check,
): void {
  const administrators = new Map(databases.map(({ name, settings }) => [settings.adminSecretArn, name]));
  for (const { name, arn } of existing) {
    const of = administrators.get(arn);
    if (of === undefined) continue;
    check
      .at(name, "arn")
      .problem(
        "unsafe",
        `is the secret of who makes the users of ${of}, and would give the server all of the database`,
        `let the server use the login of ${of}`,
      );
  }
}

function resolveClientKey(
  { name, rotateDays, readers = [] }: ClientKeyRequest,
  check: Check,
): ClientKeyModel {
  for (const [reader, at] of check.at("readers").list(readers, { max: 20 })) {
    at.text(reader, {
      pattern: ROLE_ARN,
      form: "the ARN of a role",
      fix: "name the role whose software calls",
    });
  }
  return { name, readers, rotateDays: resolveDays(rotateDays, check.at("rotateDays")) };
}

/** What holds for every kind. Answers whether the kind can be made. */
function checkCommon(name: string, secret: SecretConfig, check: Check, taken: Map<string, string>): boolean {
  if (!check.at("kind").oneOf(secret?.kind, ["generated", "postgres", "mysql", "existing"])) return false;
  if (check.at("env").literal(secret.env) && check.at("env").text(secret.env, ENV)) {
    const other = taken.get(secret.env);
    if (other)
      check
        .at("env")
        .problem(
          "duplicate",
          `is ${secret.env}, the variable of ${other} too`,
          "give each a variable of its own",
        );
    taken.set(secret.env, name);
    if (secret.env === "PORT" || secret.env.startsWith("HMCP_"))
      check.at("env").problem("conflict", "is a name of ours", "choose another");
  }
  return check.object(secret, FIELDS[secret.kind]);
}
