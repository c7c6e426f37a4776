import { GATEWAY } from "../../lib/gateway";

const part = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/**
 * Headers of a token as the program gets them behind Envoy's filter, which has verified it. Texts stand for parts as they are.
 * @param as of the header with the token, out of its three parts
 */
export function verified(
  { header, claims, signature = "sign" }: { header: unknown; claims: unknown; signature?: string },
  as = (head: string, body: string, sign: string) => `Bearer ${head}.${body}.${sign}`,
): [name: string, value: string][] {
  return [
    ["authorization", as(part(header), part(claims), signature)],
    [GATEWAY.claimsHeader, part(claims)],
  ];
}
