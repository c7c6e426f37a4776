import { connect, type ConnectionOptions } from "node:tls";
import type { RunningGateway } from "../support/envoy";
import { HOST, PATH, call, type Lab } from "./lab";

/** What came back on one connection, until it was closed or nobody said anything more. */
export interface Exchange {
  /** Every byte, as latin1. */
  readonly text: string;
  /** Of each answer, in order, 100 included. */
  readonly statuses: readonly number[];
  /** Whether the gateway ended the connection. */
  readonly closed: boolean;
}

/** How long nobody says anything before an exchange that stays open counts as done. */
const QUIET_MS = 2000;

/**
 * Sends bytes over TLS to a gateway as they are, and gives what comes back.
 * @param bytes latin1 where it is a text
 * @throws Error where there is no connection, or the handshake fails
 */
export function exchange(
  gateway: Pick<RunningGateway, "port" | "certificate">,
  bytes: string | Buffer,
  options: ConnectionOptions = {},
  quietMs: number = QUIET_MS,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let [connected, timer]: [boolean, NodeJS.Timeout | undefined] = [false, undefined];
    const socket = connect({
      ...{ host: "127.0.0.1", port: gateway.port, ca: gateway.certificate, servername: HOST },
      ...options,
    });
    const done = (closed: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      const text = Buffer.concat(parts).toString("latin1");
      const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
      resolve({ text, statuses, closed });
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => done(false), quietMs);
    };
    socket.on("secureConnect", () => {
      connected = true;
      socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
      wait();
    });
    socket.on("data", (part: Buffer) => {
      parts.push(part);
      wait();
    });
    // A connection that is reset while we still write has told what it had to tell by its answer.
    socket.on("error", (error) => (connected ? undefined : reject(error)));
    socket.on("close", () => (connected ? done(true) : reject(new Error("closed within the handshake"))));
  });
}

/** A request of HTTP/1.1 before it is written: a call of `search` that is allowed, but for what is said here. */
export interface Frame {
  /** First line. @default a POST to the server's path */
  readonly line?: string;
  /** Header lines more, each without its end. */
  readonly add?: readonly string[];
  /** Names of headers less: of `host`, `authorization`, `content-length`, `connection` and those of the message. */
  readonly without?: readonly string[];
  /** What ends a line. @default CR LF */
  readonly end?: string;
  /** Bytes behind the headers. @default the message */
  readonly body?: string;
}

const MESSAGE = call("search", { query: "blue" });
/** The message that is allowed. */
export const TEXT = JSON.stringify(MESSAGE.body);
export const MESSAGE_HEADERS = MESSAGE.headers;

/** Writes it. The connection is closed by the gateway after the answer, unless `connection` is taken away. */
export function frame({ keys }: Pick<Lab, "keys">, given: Frame = {}): string {
  const { line = `POST ${PATH} HTTP/1.1`, add = [], without = [], end = "\r\n", body = TEXT } = given;
  const headers = Object.entries({
    host: HOST,
    authorization: `Bearer ${keys.ciBot}`,
    ...MESSAGE.headers,
    "content-length": `${body.length}`,
    connection: "close",
  });
  const lines = headers.flatMap(([name, value]) => (without.includes(name) ? [] : [`${name}: ${value}`]));
  return [line, ...lines, ...add].map((one) => one + end).join("") + end + body;
}

/** A body in one chunk. */
export function chunked(body: string = TEXT, size: string = body.length.toString(16), end = "\r\n"): string {
  return `${size}${end}${body}\r\n0\r\n\r\n`;
}
