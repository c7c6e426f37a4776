import type { Check, Fields } from "../validation";
import type { MirroredKeysConfig } from "./config";

/** A copy of an issuer's keys with every default resolved. */
export interface KeyMirrorModel {
  readonly uri: string;
  readonly everyMinutes: number;
  readonly overlapMinutes: number;
}

/** Defaults, each with its reason. */
export const MIRROR_DEFAULTS = {
  /** Issuers announce a key hours before they sign with it; one that does not is followed within 20 minutes. */
  everyMinutes: 15,
  /** No token lives longer than 60 minutes (`maxLifetimeMinutes`), so none ends before its time. */
  overlapMinutes: 60,
} as const;

/** Copies in a row that may fail before somebody hears of it. */
export const MISSED_COPIES = 4;

/** Days that versions of the set that were replaced stay: what was trusted when, for whoever has to find out. */
export const HISTORY_DAYS = 90;

// A query is allowed here, unlike in an issuer: some choose their keys by it. No user, no fragment.
const URI = {
  pattern: /^https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?\/[^\s#"\\]*$/,
  form: "an https URL with a path",
  max: 1024,
  fix: "copy jwks_uri from the issuer's metadata document",
} as const;

/** The way by which tasks of a server read mirrored keys: the platform's S3 endpoint. */
export interface KeysWay {
  /** Whether the endpoint's id is known: the bucket is open to it and to nothing else. */
  readonly endpointKnown: boolean;
  /** Servers that it lets through; absent where this configuration sees to it, or its owner. */
  readonly servers?: readonly string[];
}

/** Reports mirrored keys of a server that its tasks could never read. `check` stands at `keys`. */
export function checkKeysWay(server: string, way: KeysWay, check: Check): void {
  if (!way.endpointKnown) {
    check
      .at("kind")
      .problem(
        "conflict",
        "is mirrored, and the bucket would be open to an S3 endpoint that is not named",
        "name it: network.endpoints.s3EndpointId, as vpce-0123456789abcdef0",
      );
  } else if (way.servers !== undefined && !check.isToken(way.servers) && !way.servers.includes(server)) {
    check
      .at("kind")
      .problem(
        "conflict",
        `is mirrored, and the platform's S3 endpoint does not let the keys of ${server} through`,
        `add ${JSON.stringify(server)} to mirroredKeysOf of the platform's network, and deploy the platform first`,
      );
  }
}

/** Resolves how keys are copied; nothing when something is wrong, which has been said then. */
export function resolveKeyMirror(config: MirroredKeysConfig, check: Check): KeyMirrorModel | undefined {
  const fields = {
    kind: true,
    uri: true,
    everyMinutes: true,
    overlapMinutes: true,
  } satisfies Fields<MirroredKeysConfig>;
  if (!check.object(config, fields)) return undefined;
  const {
    uri,
    everyMinutes = MIRROR_DEFAULTS.everyMinutes,
    overlapMinutes = MIRROR_DEFAULTS.overlapMinutes,
  } = config as MirroredKeysConfig;
  const [atEvery, atOverlap] = [check.at("everyMinutes"), check.at("overlapMinutes")];
  // Schedules and alarms are computed from them: no tokens.
  const known = [
    check.at("uri").text(uri, URI),
    atEvery.integer(everyMinutes, { min: 5, max: 60, unit: "minutes", known: true }),
    atOverlap.literal(overlapMinutes) &&
      atOverlap.integer(overlapMinutes, { min: 6, max: 1440, unit: "minutes" }),
  ];
  if (known.includes(false)) return undefined;
  if (overlapMinutes <= everyMinutes) {
    atOverlap.problem(
      "conflict",
      `is ${overlapMinutes}, expected more than everyMinutes (${everyMinutes}): one copy that fails to list a key would end it`,
      "raise it, or copy more often",
    );
    return undefined;
  }
  return { uri, everyMinutes, overlapMinutes };
}
