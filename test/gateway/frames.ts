import { connect, type TLSSocket } from "node:tls";
import type { RunningGateway } from "../support/envoy";
import { HOST, PATH } from "./lab";
import { TEXT } from "./raw";

/** Types of frames (RFC 9113, 6). */
export const TYPE = {
  ...{ data: 0, headers: 1, priority: 2, reset: 3, settings: 4, push: 5 },
  ...{ ping: 6, goaway: 7, window: 8, continuation: 9 },
} as const;
/** Flags of frames. `ACK` is that of settings and pings. */
export const FLAG = { END_STREAM: 1, ACK: 1, END_HEADERS: 4, PADDED: 8, PRIORITY: 32 } as const;
/** Error codes by number (RFC 9113, 7). */
const ERRORS = [
  ...[
    "NO_ERROR",
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
  ],
  ...["FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR"],
  ...["ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"],
];

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** One frame, whatever it says. */
export function frameOf(type: number, flags: number, stream: number, payload: Buffer | string = ""): Buffer {
  const body = Buffer.from(payload as string, "latin1");
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

/** A number of 32 bits. */
export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** Settings, by number. */
export function settings(values: Readonly<Record<number, number>> = {}): Buffer {
  const parts = Object.entries(values).map(([id, value]) =>
    Buffer.concat([Buffer.from([Number(id) >> 8, Number(id) & 255]), word(value)]),
  );
  return frameOf(TYPE.settings, 0, 0, Buffer.concat(parts));
}

/** A number as HPACK writes one behind `bits` bits (RFC 7541, 5.1). */
function integer(first: number, bits: number, value: number): Buffer {
  const most = 2 ** bits - 1;
  if (value < most) return Buffer.from([first | value]);
  const bytes = [first | most];
  for (let rest = value - most; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

function literal(text: string): Buffer {
  return Buffer.concat([integer(0, 7, text.length), Buffer.from(text, "latin1")]);
}

/** A field that is written out and not remembered. */
export function field(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), literal(name), literal(value)]);
}

/** A field that is written out and remembered; `indexed(62)` is the last one that was. */
export function remembered(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0x40]), literal(name), literal(value)]);
}

/** A field of the table. */
export function indexed(index: number): Buffer {
  return integer(0x80, 7, index);
}

/** The headers of a request, compressed by nothing. */
export function block(headers: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(Object.entries(headers).map(([name, value]) => field(name, value)));
}

/** First headers of a call. */
export const POST = { ":method": "POST", ":scheme": "https", ":authority": HOST, ":path": PATH } as const;

/** A whole request in one or two frames. */
export function request(
  stream: number,
  headers: Readonly<Record<string, string>>,
  body: string | undefined = TEXT,
): Buffer {
  const end = body === undefined || body === "" ? FLAG.END_STREAM : 0;
  const first = frameOf(TYPE.headers, FLAG.END_HEADERS | end, stream, block({ ...POST, ...headers }));
  return end ? first : Buffer.concat([first, frameOf(TYPE.data, FLAG.END_STREAM, stream, body as string)]);
}

/** One frame that came back. */
export interface Frame2 {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** A connection of HTTP/2 that sends whatever it is told to. */
export class FrameClient {
  /** What came back, in order. */
  public readonly frames: Frame2[] = [];
  /** Whether the gateway has ended the connection. */
  public closed = false;
  /** Bytes written. */
  public sent = 0;
  private rest = Buffer.alloc(0);

  private constructor(private readonly socket: TLSSocket) {
    socket.on("data", (part: Buffer) => this.read(part));
    socket.on("error", () => undefined);
    socket.on("close", () => (this.closed = true));
  }

  /** Opens one; `first` is what its settings say. */
  public static open(
    { port, certificate: ca }: Pick<RunningGateway, "port" | "certificate">,
    first: Buffer = settings(),
  ): Promise<FrameClient> {
    return new Promise((resolve, reject) => {
      const given = { host: "127.0.0.1", port, ca, servername: HOST, ALPNProtocols: ["h2"] };
      const socket: TLSSocket = connect(given, () => {
        const client = new FrameClient(socket);
        void client.send(PREFACE, first).then(() => resolve(client));
      });
      socket.on("error", reject);
    });
  }

  /** Sends, no faster than it is taken; false once the connection has ended. */
  public async send(...parts: readonly Buffer[]): Promise<boolean> {
    const bytes = Buffer.concat(parts);
    this.sent += bytes.length;
    if (this.closed || !this.socket.writable) return false;
    if (!this.socket.write(bytes))
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.socket.off("drain", done).off("close", done);
          resolve();
        };
        const timer = setTimeout(done, 1000);
        this.socket.once("drain", done).once("close", done);
      });
    return !this.closed;
  }

  /** Reads nothing more of what comes. */
  public deaf(): void {
    this.socket.pause();
  }

  /** Whether there is something of an answer's body. */
  public answered(of: number): boolean {
    return this.frames.some(({ stream, type }) => stream === of && type === TYPE.data);
  }

  /** Streams that were reset, and why. */
  public get resets(): readonly (readonly [number, string | undefined])[] {
    return this.frames
      .filter(({ type }) => type === TYPE.reset)
      .map(({ stream, payload }) => [stream, ERRORS[payload.readUInt32BE(0)]]);
  }

  public close(): void {
    this.socket.destroy();
  }

  private read(part: Buffer): void {
    this.rest = Buffer.concat([this.rest, part]);
    for (;;) {
      if (this.rest.length < 9) return;
      const length = this.rest.readUIntBE(0, 3);
      if (this.rest.length < 9 + length) return;
      this.frames.push({
        type: this.rest.readUInt8(3),
        flags: this.rest.readUInt8(4),
        stream: this.rest.readUInt32BE(5),
        payload: this.rest.subarray(9, 9 + length),
      });
      this.rest = this.rest.subarray(9 + length);
    }
  }
}
