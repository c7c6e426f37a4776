import { createHash, createHmac } from "node:crypto";
import type { Caller } from "./messages";

export const HEADER = "mcp-session-id";
export const TLS_KEY = "a private key";
export const TASK = "http://169.254.170.2/v4/one";
const KEY = createHash("sha256").update(`hmcp session ids\n${TASK}\n${TLS_KEY}`).digest();
/** An id as the client has it: with the proof that it is this caller's. */
export const given = (who: string, id: string) =>
  `${createHmac("sha256", KEY).update(`${who}\n${id}`).digest("hex")}.${id}`;

/** A caller, the subject that was found in its token, and how a proof names it. */
export interface Who {
  readonly caller: Caller;
  readonly sub?: string;
  readonly who: string;
}
export const CI: Who = { caller: { client: "ci", proof: "key" }, who: "key:ci" };
export const user = (sub: string): Who => ({
  caller: { client: "app", proof: "jwt", scopes: "a b" },
  sub,
  who: `jwt:app\n${sub}`,
});
export const ANN = user("ann");
/** What the first stage has left of a caller. */
export const left = ({ caller, sub }: Who): Readonly<Record<string, string>> => ({
  ...(caller.scopes === undefined ? {} : { "hmcp.scopes": ` ${caller.scopes} ` }),
  ...(sub === undefined ? {} : { "hmcp.subject": sub }),
});

/** A session's id, as the server has it. */
export const ID = "0f-1";
