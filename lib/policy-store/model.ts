import { createHash } from "node:crypto";
import { digestVariable, GATEWAY, pieceVariable } from "../gateway/contract";
import type { RenderedGateway } from "../gateway/envoy";

/** When policy and program of a gateway lie in a store instead of the task definition. */
export type PolicyStore = "whenNeeded" | "always";

/** Secrets Manager takes 65,536 bytes; a piece ends before, at the end of a character. */
export const PIECE_BYTES = 65_000;
/** More pieces than a policy ever needs: 260 KB of it are some 200 tools for 50 clients. */
export const MAX_PIECES = 4;

/** A text of the gateway that lies in a store, in one piece or several. */
export interface StoredText {
  /** What it is, in names of resources. */
  readonly id: "policy" | "program";
  /** Variable of the gateway that it fills; that of its second piece ends in `_2`. */
  readonly variable: string;
  /** SHA-256 of the whole, hex. Stands in the task definition, and the gateway starts with nothing else. */
  readonly digest: string;
  readonly pieces: readonly string[];
}

/** The policy, and the program, as they are stored. */
export function storedText(id: StoredText["id"], { policyJson, program }: RenderedGateway): StoredText {
  const text = id === "policy" ? policyJson : program;
  return { id, variable: GATEWAY.env[id], digest: digestOf(text), pieces: piecesOf(text) };
}

/** SHA-256 of a text, hex. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A text cut where a character ends. */
export function piecesOf(text: string, most = PIECE_BYTES): string[] {
  const bytes = Buffer.from(text);
  const pieces: string[] = [];
  for (let from = 0; from < bytes.length;) {
    let to = Math.min(from + most, bytes.length);
    while (to < bytes.length && ((bytes[to] as number) & 0xc0) === 0x80) to--;
    pieces.push(bytes.toString("utf8", from, to));
    from = to;
  }
  return pieces;
}

/** Names of the variables of a stored text, one for each piece. */
export function pieceVariables({ variable, pieces }: StoredText): string[] {
  return pieces.map((_piece, index) => pieceVariable(variable, index + 1));
}

/** What stands in the task definition in place of a stored text, beside its secrets. */
export function digestEntry({ variable, digest }: StoredText): { name: string; value: string } {
  return { name: digestVariable(variable), value: digest };
}
