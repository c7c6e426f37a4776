import type { ClientPolicy } from "./document";

/** How a client proves who it is, for people: `API key`, `token with client_id = support-app`. */
export function identityText(identity: ClientPolicy["identity"]): string {
  switch (identity.kind) {
    case "apiKey":
      return "API key";
    case "jwt":
      return `token with ${identity.claim} = ${identity.equals}`;
    case "mtls":
      return `certificate of ${identity.subject}${identity.issuer === undefined ? "" : `, issued by ${identity.issuer}`}`;
  }
}
