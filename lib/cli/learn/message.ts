import { CliError } from "../io";
import { shown } from "./text";

/** What one server may cost us. A server that needs more is none to put a gateway before. */
export const BOUNDS = {
  /** Of one message. */
  messageBytes: 4 * 1024 * 1024,
  /** Of everything that it sends. */
  totalBytes: 16 * 1024 * 1024,
  /** Levels of objects and lists in a message. */
  depth: 64,
  pages: 100,
  tools: 1000,
  cursorCharacters: 4096,
  /** Messages that are no answer to us, as notifications are. */
  strayMessages: 1000,
} as const;

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether it is one. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Ends the asking: the server answers in no way that can be used. */
export function unusable(what: string): CliError {
  return new CliError(`the server ${what}`);
}

/** Reads one JSON-RPC message. @throws CliError (2) where it is none, or nested too deep */
export function readMessage(text: string): JsonObject {
  if (tooDeep(text)) throw unusable(`sent something nested more than ${BOUNDS.depth} levels deep`);
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw unusable(`sent something that is no JSON: ${shown(text, 80)}`);
  }
  if (!isObject(message) || message.jsonrpc !== "2.0") {
    throw unusable(`sent something that is no JSON-RPC message: ${shown(text, 80)}`);
  }
  return message;
}

/** Looked at before it is parsed, so that no later walk runs out of stack. Brackets in texts do not count. */
function tooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (inText) {
      if (unit === 92) at++;
      else if (unit === 34) inText = false;
    } else if (unit === 34) inText = true;
    else if (unit === 91 || unit === 123) {
      if (++depth > BOUNDS.depth) return true;
    } else if (unit === 93 || unit === 125) depth--;
  }
  return false;
}

/** Counts bytes. @throws CliError (2) when there are too many */
export class ByteCount {
  private total = 0;

  public add(bytes: number): void {
    this.total += bytes;
    if (this.total > BOUNDS.totalBytes) {
      throw unusable(`sent more than ${BOUNDS.totalBytes} bytes`);
    }
  }
}
