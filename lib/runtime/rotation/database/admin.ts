import type { SecretStore } from "../store";
import type { Credentials } from "./dialect";
import { isHost, isPort, type DatabaseSettings } from "./names";

/** Who administers, and where: a secret that RDS keeps may name another endpoint than the one that servers use. */
export async function adminLogin(
  store: Pick<SecretStore, "read">,
  { adminSecretArn, host, port, users, role }: DatabaseSettings,
): Promise<{ credentials: Credentials; where: { host: string; port: number } }> {
  const version = await store.read(adminSecretArn, "AWSCURRENT");
  if (version === undefined) throw new Error("the administrator's secret has no value");
  const fields = parse(version.text);
  const { username, password, host: itsHost = host } = fields;
  // Both forms are seen: a number, and digits.
  const itsPort = fields["port"] === undefined ? port : Number(fields["port"]);
  if (typeof username !== "string" || username === "" || typeof password !== "string" || password === "")
    throw new Error("the administrator's secret does not hold the texts username and password");
  if (!isHost(itsHost) || !isPort(itsPort))
    throw new Error("the administrator's secret holds a host that is no DNS name, or a port that is none");
  if (username === role || users.includes(username))
    throw new Error("the administrator is one of the users to change, or their role");
  return { credentials: { username, password }, where: { host: itsHost, port: itsPort } };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's own words quote the value.
  }
  if (typeof parsed !== "object" || parsed === null)
    throw new Error("the administrator's secret is not a JSON object");
  return parsed as Record<string, unknown>;
}
