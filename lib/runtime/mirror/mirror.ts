import { readKeys, rebuild, type KeyAlgorithm, type PublishedKey } from "./keys";
import type { MirrorStore } from "./store";

/** What a mirror is told, and what it works with. */
export interface MirrorProps {
  readonly uri: string;
  readonly overlapMinutes: number;
  /** What the issuer signs with. @default RS256 alone */
  readonly algorithms?: readonly KeyAlgorithm[];
  /** Reads the issuer's document. */
  readonly fetch: (uri: string) => Promise<string>;
  readonly store: MirrorStore;
  /** Milliseconds since 1970. @default the clock */
  readonly now?: () => number;
  readonly log: (did: object) => void;
}

/** The object in the bucket. The gateway reads `keys` alone; RFC 7517 has readers ignore the rest. */
interface Published {
  readonly keys: readonly PublishedKey[];
  readonly mirror: {
    /** Whose keys they are. */
    readonly uri: string;
    /** When the issuer was last read, ISO 8601: the age of all of it. */
    readonly lastSuccess: string;
    /** When the keys last changed. */
    readonly lastChange: string;
    /** Keys that the issuer no longer lists, and since when, by `kid`. */
    readonly withdrawn: Readonly<Record<string, string>>;
  };
}

/** Keys of the past and of now: an issuer has two or three. More are somebody's mistake. */
const MAX_PUBLISHED = 60;

/**
 * The function behind mirrored keys. `{ action: "mirror" }` copies what the issuer lists and keeps what it has withdrawn
 * for the overlap. `{ action: "withdraw" }` takes exactly what the issuer lists now, at once: for a person, after a key
 * was stolen, or where an issuer gives an old `kid` to a new key. Whatever fails, what is published stays as it is.
 */
export function mirror(props: MirrorProps): (event: unknown) => Promise<Record<string, never>> {
  const { uri, store, log, algorithms = ["RS256"], now = Date.now } = props;
  return async (event) => {
    const { action } = (event ?? {}) as { action?: unknown };
    if (action !== "mirror" && action !== "withdraw")
      throw new Error('expected { "action": "mirror" } or { "action": "withdraw" }');
    const fresh = readKeys(await props.fetch(uri), algorithms);
    const found = await store.read();
    const before = found && action === "mirror" ? readPublished(found.text, uri, algorithms) : undefined;
    const at = now();
    const kept = before === undefined ? [] : keptOf(before, fresh, at, props.overlapMinutes);
    const keys = [...fresh, ...kept.map(({ key }) => key)].sort((a, b) => (a.kid < b.kid ? -1 : 1));
    if (keys.length > MAX_PUBLISHED) throw new Error(`more than ${MAX_PUBLISHED} keys would be published`);
    const lastSuccess = new Date(at).toISOString();
    const same = before !== undefined && JSON.stringify(before.keys) === JSON.stringify(keys);
    const published: Published = {
      keys,
      mirror: {
        uri,
        lastSuccess,
        lastChange: same ? before.mirror.lastChange : lastSuccess,
        withdrawn: Object.fromEntries(kept.map(({ key, since }) => [key.kid, since])),
      },
    };
    await store.write(JSON.stringify(published), found?.etag);
    const ids = (list: readonly PublishedKey[]) => list.map(({ kid }) => kid);
    log({ did: action, keys: ids(fresh), kept: ids(kept.map(({ key }) => key)), changed: !same });
    return {};
  };
}

/** Keys that the issuer no longer lists and that are still within the overlap. */
function keptOf(
  before: Published,
  fresh: readonly PublishedKey[],
  at: number,
  overlapMinutes: number,
): { readonly key: PublishedKey; readonly since: string }[] {
  const listed = new Map(fresh.map((key) => [key.kid, key]));
  return before.keys.flatMap((key) => {
    const now = listed.get(key.kid);
    // A name belongs to one key for ever: either the issuer erred, or it is not the issuer.
    if (now !== undefined && materialOf(now) !== materialOf(key))
      throw new Error(`the issuer lists another key under the kid ${key.kid}`);
    if (now !== undefined) return [];
    const since = before.mirror.withdrawn[key.kid] ?? new Date(at).toISOString();
    return at - Date.parse(since) < overlapMinutes * 60_000 ? [{ key, since }] : [];
  });
}

/** The numbers of a key, whatever it is said to be for. */
function materialOf(key: PublishedKey): string {
  return JSON.stringify(key.kty === "RSA" ? [key.kty, key.n, key.e] : [key.kty, key.crv, key.x, key.y]);
}

/**
 * What was published before. Nothing when it belongs to another issuer, or when it is not what a mirror writes: then it
 * is replaced by what the issuer lists. Its keys are checked like the issuer's own.
 */
function readPublished(
  text: string,
  uri: string,
  algorithms: readonly KeyAlgorithm[],
): Published | undefined {
  try {
    const { keys, mirror: state } = JSON.parse(text) as Published;
    if (state.uri !== uri || Number.isNaN(Date.parse(state.lastChange))) return undefined;
    const usable = keys.flatMap((key) => rebuild({ ...key }, algorithms) ?? []);
    const withdrawn = Object.entries(state.withdrawn).filter(([, since]) => !Number.isNaN(Date.parse(since)));
    return { keys: usable, mirror: { ...state, withdrawn: Object.fromEntries(withdrawn) } };
  } catch {
    return undefined;
  }
}
