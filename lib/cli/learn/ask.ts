import { VERSION } from "../../terraform/version";
import { CliError } from "../io";
import { BOUNDS, isObject, unusable, type JsonObject } from "./message";
import { shown } from "./text";
import { REVISIONS, type LearnEra, type Transport } from "./transport";

/** What a server says of itself. */
export interface Answers {
  readonly era: LearnEra;
  /** Text that clients give to the model. */
  readonly instructions?: string;
  /** Definitions as they came, each an object with a text as name. */
  readonly tools: readonly Definition[];
}

/** A tool as the server defines it. */
export type Definition = JsonObject & { readonly name: string };

const INFO = { name: "hardened-mcp", version: VERSION };

/**
 * Asks a server for its tools, all pages of them.
 * @param connect makes a way to it: called again where another era needs a new beginning
 * @param eras in which order they are tried
 * @throws CliError (2) when it cannot be asked, or answers in a way that nobody should trust
 */
export async function ask(connect: () => Transport, eras: readonly LearnEra[]): Promise<Answers> {
  const refusals: string[] = [];
  for (const era of eras) {
    const transport = connect();
    try {
      const conversation = new Conversation(transport, era);
      const hello = await conversation.hello();
      if (typeof hello === "string") {
        refusals.push(`${era}: ${hello}`);
        continue;
      }
      return { era, ...instructionsOf(hello), tools: await conversation.tools() };
    } finally {
      await transport.close();
    }
  }
  throw new CliError(`the server speaks no revision that we do (${refusals.join("; ")})`);
}

class Conversation {
  private id = 0;

  public constructor(
    private readonly transport: Transport,
    private readonly era: LearnEra,
  ) {}

  /** What the server says at first, or why it does not want to talk in this era. */
  public async hello(): Promise<JsonObject | string> {
    const reply =
      this.era === "modern"
        ? await this.request("server/discover", {})
        : await this.request("initialize", {
            protocolVersion: REVISIONS.legacy,
            capabilities: {},
            clientInfo: INFO,
          });
    if (reply.kind === "refused") return reply.says;
    const { result } = reply;
    if (this.era === "modern") {
      const { supportedVersions: versions } = result;
      if (!Array.isArray(versions) || !versions.includes(REVISIONS.modern)) return "its list lacks ours";
    } else {
      await this.transport.notify({ jsonrpc: "2.0", method: "notifications/initialized" }, this.era);
    }
    return result;
  }

  public async tools(): Promise<Definition[]> {
    const found: Definition[] = [];
    const cursors = new Set<string>();
    let cursor: string | undefined;
    do {
      const reply = await this.request("tools/list", cursor === undefined ? {} : { cursor });
      if (reply.kind === "refused") throw unusable(`does not list its tools: ${reply.says}`);
      const { tools, nextCursor } = reply.result;
      if (!Array.isArray(tools)) throw unusable("answered with no list of tools");
      for (const tool of tools as unknown[]) found.push(definition(tool));
      if (found.length > BOUNDS.tools) throw unusable(`lists more than ${BOUNDS.tools} tools`);
      cursor = cursorOf(nextCursor, cursors);
    } while (cursor !== undefined);
    const names = new Set<string>();
    for (const { name } of found) {
      if (names.has(name)) throw unusable(`lists the tool ${shown(name)} twice`);
      names.add(name);
    }
    return found;
  }

  private request(method: string, params: JsonObject): ReturnType<Transport["request"]> {
    const meta = {
      "io.modelcontextprotocol/protocolVersion": REVISIONS.modern,
      "io.modelcontextprotocol/clientInfo": INFO,
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const all = this.era === "modern" ? { ...params, _meta: meta } : params;
    return this.transport.request({ jsonrpc: "2.0", id: ++this.id, method, params: all }, this.era);
  }
}

function instructionsOf({ instructions }: JsonObject): { instructions?: string } {
  return typeof instructions === "string" && instructions !== "" ? { instructions } : {};
}

function definition(tool: unknown): Definition {
  if (!isObject(tool) || typeof tool.name !== "string" || tool.name === "") {
    throw unusable("lists a tool without a name");
  }
  return tool as Definition;
}

function cursorOf(next: unknown, seen: Set<string>): string | undefined {
  if (next === undefined || next === null || next === "") return undefined;
  if (typeof next !== "string" || next.length > BOUNDS.cursorCharacters) {
    throw unusable("sent a cursor that is no short text");
  }
  if (seen.has(next)) throw unusable("leads in a circle: it sent the same cursor twice");
  seen.add(next);
  if (seen.size >= BOUNDS.pages) throw unusable(`lists its tools on more than ${BOUNDS.pages} pages`);
  return next;
}
