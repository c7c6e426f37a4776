import { createServer, type Socket } from "node:net";

/** What a server writes when it has read the message with this id. */
export type Written = (socket: Socket, id: unknown) => void;

/** A server that writes to its connections whatever it is told to, HTTP or not. */
export interface RawServer {
  readonly port: number;
  /** Bytes that it has written. */
  readonly written: number;
  /** Connections that are open. */
  readonly connections: number;
  /** What comes of the message with this id. @default a result of the message */
  on(id: unknown, written: Written): void;
  /** What comes of every other call of a tool. */
  otherwise(written: Written | undefined): void;
  stop(): Promise<void>;
}

/** First line and headers. */
export function head(lines: readonly string[], status = "200 OK"): string {
  return [`HTTP/1.1 ${status}`, ...lines, "", ""].join("\r\n");
}

/** One chunk of a body. */
export function chunkOf(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

/** A result of a call, and of what an official client of the modern era asks first. */
export function resultOf(id: unknown): string {
  const described = { supportedVersions: ["2026-07-28"], capabilities: { tools: {} } };
  return JSON.stringify({
    jsonrpc: "2.0",
    id,
    result: { resultType: "complete", content: [], ...described },
  });
}

/** An answer in JSON, with headers and a status. */
export function answerOf(id: unknown, headers: readonly string[] = [], status = "200 OK"): string {
  const body = resultOf(id);
  return (
    head(["content-type: application/json", `content-length: ${body.length}`, ...headers], status) + body
  );
}

/** Writes the same again and again, as fast as it is taken. */
export function flows(socket: Socket, text: string): void {
  const go = () => {
    for (let times = 0; times < 16; times++) if (socket.destroyed || !socket.write(text)) return;
    // Others write meanwhile.
    setImmediate(go);
  };
  socket.on("drain", go);
  go();
}

/** Writes the same from time to time. */
export function drips(socket: Socket, text: string, everyMs = 50): void {
  const timer = setInterval(() => socket.write(text), everyMs);
  socket.on("close", () => clearInterval(timer));
}

/** Starts it on 127.0.0.1. */
export async function startRawServer(): Promise<RawServer> {
  const told = new Map<unknown, Written>();
  const sockets = new Set<Socket>();
  let gone = 0;
  let otherwise: Written | undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = "";
    socket.on("error", () => undefined);
    socket.on("close", () => {
      gone += socket.bytesWritten;
      sockets.delete(socket);
    });
    socket.on("data", (part: Buffer) => {
      text += part.toString("latin1");
      for (let message = take(); message !== undefined; message = take()) {
        const { id, method } = JSON.parse(message) as { id?: unknown; method?: string };
        const written = told.get(id) ?? (method === "tools/call" ? otherwise : undefined);
        if (written) written(socket, id);
        else socket.write(answerOf(id));
      }
    });
    /** The next message that has come whole. */
    const take = (): string | undefined => {
      const [before, length] = /^[\s\S]*?\r\ncontent-length: (\d+)\r\n[\s\S]*?\r\n\r\n/i.exec(text) ?? [];
      const end = before === undefined ? Infinity : before.length + Number(length);
      if (text.length < end) return undefined;
      const message = text.slice(before?.length, end);
      text = text.slice(end);
      return message;
    };
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    get written() {
      return [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, gone);
    },
    get connections() {
      return sockets.size;
    },
    on: (id, written) => void told.set(id, written),
    otherwise: (written) => void (otherwise = written),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}
