import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";

/** Fields of values that anybody may know: who, where, and what tasks are told in public. */
const PUBLIC = ["client", "engine", "host", "port", "dbname", "database", "username", "role"];
/** Shorter texts stand everywhere by chance. */
const SHORTEST = 16;
/** Downloaded, and the same for everybody. */
const NOT_OURS = [".terraform", "node_modules", ".git"];

/** What of a gateway has no room in a task definition lies among the secrets, and is none: it stands in the plan itself. */
export const isSecret = ({ Name = "" }: { readonly Name?: string | undefined }): boolean =>
  !Name.includes("/_gateway/");

/** Every secret text that was born in a run, as it may turn up: a line, in base64, in a URL. */
export async function canaries(
  client: SecretsManagerClient,
): Promise<{ readonly secrets: number; readonly texts: readonly string[] }> {
  const { SecretList = [] } = await client.send(new ListSecretsCommand({ MaxResults: 100 }));
  const secrets = SecretList.filter(isSecret);
  const texts = new Set<string>();
  for (const { ARN: SecretId } of secrets) {
    for (const VersionStage of ["AWSCURRENT", "AWSPREVIOUS"]) {
      const { SecretString = "{}" } = await client
        .send(new GetSecretValueCommand({ SecretId, VersionStage }))
        .catch(() => ({ SecretString: "{}" }));
      for (const text of fragments(SecretString)) texts.add(text);
    }
  }
  return { secrets: secrets.length, texts: [...texts] };
}

/** What of one value must be nowhere else. */
export function fragments(secretString: string): string[] {
  const value = JSON.parse(secretString) as Readonly<Record<string, unknown>>;
  return (
    Object.entries(value)
      .filter(([field]) => !PUBLIC.includes(field))
      .flatMap(([, text]) => (typeof text === "string" ? [text, ...words(text)] : []))
      .flatMap((text) => [text, Buffer.from(text).toString("base64"), encodeURIComponent(text)])
      // The frame of a PEM text stands in every program that writes one; its lines and the whole in base64 do not.
      .filter((text) => text.length >= SHORTEST && !text.includes("-----"))
  );
}

/** Lines of a key, hashes of a list, the key in a header: a part is as good as the whole. */
function words(text: string): string[] {
  return text.split(/\s+/);
}

/** Files that hold one of these texts, as `file: field that begins so`, and how many bytes were read. */
export function search(
  folders: readonly string[],
  texts: readonly string[],
): { readonly found: readonly string[]; readonly bytes: number } {
  const found: string[] = [];
  let bytes = 0;
  for (const folder of folders) {
    for (const file of filesOf(folder)) {
      const content = readFileSync(file, "latin1");
      bytes += content.length;
      // Never the text itself: this is printed.
      const hits = texts.filter((text) => content.includes(text)).length;
      if (hits > 0) found.push(`${relative(folder, file)} holds ${hits}`);
    }
  }
  return { found, bytes };
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.includes(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesOf(path) : entry.isFile() ? [path] : [];
  });
}
