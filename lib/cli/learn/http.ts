import { CliError } from "../io";
import { BOUNDS, ByteCount, readMessage, unusable, type JsonObject } from "./message";
import { replyOf } from "./reply";
import { shown } from "./text";
import { REVISIONS, type LearnEra, type Reply, type Transport } from "./transport";

/** How a server is reached. */
export interface HttpProps {
  readonly url: URL;
  /** Credentials and the like; never shown. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A server behind a URL: one POST for each message, answered by JSON or by a stream of events. */
export class HttpTransport implements Transport {
  private readonly bytes = new ByteCount();
  private session: string | undefined;

  public constructor(private readonly props: HttpProps) {}

  public async request(message: JsonObject, era: LearnEra): Promise<Reply> {
    const answer = await this.post(message, era);
    const { status } = answer;
    const kind = (answer.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
    if (status === 401 || status === 403) {
      await answer.body?.cancel();
      throw new CliError(`the server answered ${status}: it wants a credential; see --header`);
    }
    if (status >= 300 && status < 400) {
      await answer.body?.cancel();
      throw new CliError(`the server answered ${status}: it sends us elsewhere; name the URL itself`);
    }
    if (status >= 500 || status === 429) {
      await answer.body?.cancel();
      throw new CliError(`the server answered ${status}`);
    }
    if (status >= 400) return this.refusal(answer);
    this.session ??= sessionOf(answer);
    if (kind === "text/event-stream") return replyOf(await this.fromEvents(answer, message.id));
    if (kind === "application/json") {
      const read = readMessage(await this.whole(answer));
      if (read.id !== message.id) throw unusable("answered to something else than was asked");
      return replyOf(read);
    }
    await answer.body?.cancel();
    throw unusable(`answered ${status} with ${shown(kind ?? "")}, expected JSON or events`);
  }

  /** What a server of another era says is often no JSON-RPC. */
  private async refusal(answer: Response): Promise<Reply> {
    const text = await this.whole(answer);
    try {
      return replyOf(readMessage(text));
    } catch {
      return { kind: "refused", says: `status ${answer.status}` };
    }
  }

  public async notify(message: JsonObject, era: LearnEra): Promise<void> {
    const answer = await this.post(message, era);
    await answer.body?.cancel();
  }

  public async close(): Promise<void> {
    if (this.session === undefined) return;
    // A courtesy, which many do not know.
    await fetch(this.props.url, {
      method: "DELETE",
      headers: this.headers(undefined, "legacy"),
      redirect: "manual",
      signal: AbortSignal.timeout(2_000),
    }).catch(() => undefined);
  }

  private headers(method: unknown, era: LearnEra): Record<string, string> {
    return {
      ...this.props.headers,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(method !== "initialize" && { "mcp-protocol-version": REVISIONS[era] }),
      ...(era === "modern" && typeof method === "string" && { "mcp-method": method }),
      ...(this.session !== undefined && { "mcp-session-id": this.session }),
    };
  }

  private async post(message: JsonObject, era: LearnEra): Promise<Response> {
    try {
      return await fetch(this.props.url, {
        method: "POST",
        headers: this.headers(message.method, era),
        body: JSON.stringify(message),
        // Elsewhere is not who the credential is for.
        redirect: "manual",
        signal: this.props.signal,
      });
    } catch (error) {
      throw this.told(error);
    }
  }

  private told(error: unknown): Error {
    if (error instanceof CliError) return error;
    if (this.props.signal.aborted) return this.props.signal.reason as Error;
    const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
    return new CliError(`the server cannot be reached: ${shown(cause?.code ?? cause?.message ?? message)}`);
  }

  private async *chunks(answer: Response): AsyncGenerator<string> {
    if (answer.body === null) return;
    const decoder = new TextDecoder();
    try {
      for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
        this.bytes.add(chunk.byteLength);
        yield decoder.decode(chunk, { stream: true });
      }
      yield decoder.decode();
    } catch (error) {
      throw this.told(error);
    }
  }

  private async whole(answer: Response): Promise<string> {
    let text = "";
    for await (const chunk of this.chunks(answer)) {
      text += chunk;
      if (text.length > BOUNDS.messageBytes)
        throw unusable(`sent more than ${BOUNDS.messageBytes} bytes at once`);
    }
    return text;
  }

  private async fromEvents(answer: Response, id: unknown): Promise<JsonObject> {
    let rest = "";
    let data: string[] = [];
    let stray = 0;
    for await (const chunk of this.chunks(answer)) {
      const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
        else if (line === "" && data.length > 0) {
          const message = readMessage(data.join("\n"));
          data = [];
          if (message.id === id && message.method === undefined) return message;
          if (++stray > BOUNDS.strayMessages)
            throw unusable("sends messages that nobody asked for, without end");
        }
      }
      const held = rest.length + data.reduce((sum, line) => sum + line.length, 0);
      if (held > BOUNDS.messageBytes)
        throw unusable(`sent an event of more than ${BOUNDS.messageBytes} bytes`);
    }
    throw unusable("ended its stream before it had answered");
  }
}

/** A session's id, if it is one that can be sent back. */
function sessionOf(answer: Response): string | undefined {
  const id = answer.headers.get("mcp-session-id");
  return id !== null && /^[\x21-\x7e]{1,512}$/.test(id) ? id : undefined;
}
