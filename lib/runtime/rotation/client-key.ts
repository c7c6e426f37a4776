import { randomBytes } from "node:crypto";
import { KEY_PREFIX } from "../../gateway/contract";
import { sha256, type Kind } from "./kind";

/**
 * A client's key. Its reader takes `header`; the gateway gets `hashes` alone. Readers may see the announced key: after
 * a leak both must go, by `revoke`.
 */
export interface ClientKeyValue {
  readonly client: string;
  /** The whole line to send: `Authorization: Bearer hmk_…`. */
  readonly header: string;
  readonly key: string;
  /** Empty before the first rotation. */
  readonly previous: string;
  /** Announced: gateways accept it before any client sends it. */
  readonly next: string;
  /** SHA-256 of each key that is accepted, hexadecimal, separated by blanks. */
  readonly hashes: string;
}

const KEY_BYTES = 32;
const KEY = new RegExp(`^${KEY_PREFIX}[A-Za-z0-9_-]{43}$`);

/** The key of one client, in three generations. */
export function clientKey({ client }: { readonly client: string }): Kind<ClientKeyValue> {
  const random = (): string => `${KEY_PREFIX}${randomBytes(KEY_BYTES).toString("base64url")}`;
  const first = (): ClientKeyValue => assemble(client, { key: random(), previous: "", next: random() });
  return {
    first,
    fresh: first,
    next: ({ key, next }) => assemble(client, { key: next, previous: key, next: random() }),
    fault: (value) => {
      const { key, previous, next } = value;
      if (!isKey(key) || !isKey(next) || !(previous === "" || isKey(previous)))
        return `expected keys of the form ${KEY_PREFIX} and 43 characters in key, next and previous`;
      if (value["client"] !== client) return "it is the key of another client";
      const { header, hashes } = assemble(client, { key, previous, next });
      return value["header"] === header && value["hashes"] === hashes
        ? undefined
        : "header or hashes do not belong to its keys";
    },
  };
}

type Generations = Pick<ClientKeyValue, "key" | "previous" | "next">;

function assemble(client: string, { key, previous, next }: Generations): ClientKeyValue {
  const accepted = [key, next, ...(previous === "" ? [] : [previous])];
  const hashes = accepted.map(sha256).join(" ");
  return { client, header: `Authorization: Bearer ${key}`, key, previous, next, hashes };
}

function isKey(value: unknown): value is string {
  return typeof value === "string" && KEY.test(value);
}
