import { MANIFEST_KEY } from "./manifest";
import type { TerraformJson } from "../terraform/plan";

/**
 * What is wrong with what a file says of itself, as the end of a sentence; nothing where it is as constructs of ours
 * write it, or not there. A file can be edited: what is not as we write it is not believed.
 */
export function manifestProblem(source: TerraformJson): string | undefined {
  const comment = source["//"];
  if (comment === undefined) return undefined;
  if (!isRecord(comment)) return "has a comment that is no object";
  const entries = comment[MANIFEST_KEY];
  if (entries === undefined) return undefined;
  if (!isRecord(entries)) return `says ${MANIFEST_KEY} without any construct`;
  for (const [path, entry] of Object.entries(entries)) {
    const wrong = isRecord(entry) ? wrongField(entry) : "no object";
    if (wrong !== undefined)
      return `says of ${path || "a construct without a path"} what no construct says: ${wrong}`;
  }
  return undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Fields that checks rely on, and whether a value can be one. Policies are judged by the controls. */
const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  kind: oneOf("platform", "server", "part"),
  part: optional(isText),
  version: optional(isText),
  deployment: optional(isText),
  posture: optional(oneOf("production", "sandbox")),
  lifecycle: optional(oneOf("protected", "disposable")),
  waivers: (value) => Array.isArray(value) && value.every(isRecord),
  existing: optional((value) => Array.isArray(value) && value.every(isText)),
  windowed: optional((value) => isRecord(value) && Object.values(value).every(isText)),
  providers: optional(
    (value) => isRecord(value) && Object.values(value).every((one) => typeof one === "string"),
  ),
  requiredTags: optional((value) => isRecord(value) && Object.values(value).every(isTagRule)),
  policy: optional(isPolicy),
  gateways: optional((value) => Array.isArray(value) && value.every(isRecord)),
  runs: optional((value) => Array.isArray(value) && value.every(isRun)),
  chosen: optional(isChosen),
};

function wrongField(entry: Fields): string | undefined {
  return Object.entries(FIELDS).find(([field, isRight]) => !isRight(entry[field]))?.[0];
}

/** Any text, one of some texts, or a text by a pattern. */
function isTagRule(value: unknown): boolean {
  if (!isRecord(value)) return value === "any";
  const { oneOf, pattern } = value;
  return isText(pattern) || (Array.isArray(oneOf) && oneOf.every((one) => typeof one === "string"));
}

/** As much of a policy as readers open without looking. */
function isPolicy(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { server, tools, clients, windows } = value;
  return (
    isText(server) &&
    [tools, clients].every((all) => isRecord(all) && Object.values(all).every(isRecord)) &&
    isRecord(windows)
  );
}

/** As much of what was chosen as readers open without looking. */
function isChosen(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { logDays, thresholds, countries, perIp } = value;
  return (
    isRecord(logDays) &&
    isRecord(thresholds) &&
    (countries === undefined || (Array.isArray(countries) && countries.every(isText))) &&
    (perIp === undefined || isRecord(perIp))
  );
}

/** As much of what a container was told as readers open without looking. */
function isRun(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { environment, secrets, writablePaths, beside = {} } = value;
  const areNames = (names: unknown) => Array.isArray(names) && names.every(isText);
  return [environment, secrets, writablePaths].every(areNames) && isRecord(beside);
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function oneOf(...texts: readonly string[]): (value: unknown) => boolean {
  return (value) => texts.some((text) => text === value);
}

function optional(isRight: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || isRight(value);
}
