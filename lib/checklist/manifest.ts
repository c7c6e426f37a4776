import type { GatewayRecord } from "../gateway/recorded";
import type { PolicyDocument } from "../policy/document";
import type { Lifecycle, Posture } from "../posture";
import type { RequiredTags } from "../tags/config";
import type { RunRecord } from "../task/recorded";
import type { TerraformJson } from "../terraform/plan";
import type { Chosen } from "./chosen";

/** A protection that was turned off in the open. */
export interface ManifestWaiver {
  /** Field of the configuration, without the server's name: `waf.commonRules`. */
  readonly field: string;
  /** Id of the control that it concerns, where the slice names one. @default the controls with `waivedBy: field` */
  readonly control?: string;
  /** Address of the one block that it concerns. @default all blocks of the construct */
  readonly at?: string;
  /** Digest of what was seen of that block. */
  readonly seen?: string;
  readonly reason: string;
  /** Last day, `YYYY-MM-DD`, UTC. */
  readonly until: string;
}

/** What a construct of ours says of itself in the written file, for reports: Terraform does not read it. */
export interface ManifestEntry {
  /** `platform` makes what is shared, `server` what belongs to one server, `part` is a construct used on its own. */
  readonly kind: "platform" | "server" | "part";
  /** Which part it is, as `PARTS` names it. */
  readonly part?: string;
  /** Version of the library. */
  readonly version: string;
  /** Name of the deployment in resource names, as `acme-prod`. */
  readonly deployment: string;
  readonly posture: Posture;
  readonly lifecycle: Lifecycle;
  readonly waivers: readonly ManifestWaiver[];
  /** What was not made here but given, as `GIVEN` names it: nothing of its types is looked for. @default none */
  readonly existing?: readonly string[];
  /** Statements of a server's roles that hold in one of its windows alone, each with the window's name. @default none */
  readonly windowed?: Readonly<Record<string, string>>;
  /**
   * Providers with an alias that the configuration put its AWS resources on, by the path below which all are on it; of two
   * paths the longer one counts, and an empty provider is the one without an alias. @default all are on that one
   */
  readonly providers?: Readonly<Record<string, string>>;
  /** What its configuration asks of the tags of whatever it makes. @default nothing */
  readonly requiredTags?: RequiredTags;
  /** Who may do what, of a server. */
  readonly policy?: PolicyDocument;
  /** What its owner chose, of what nothing else in the file tells. */
  readonly chosen?: Chosen;
  /** What each of its gateways was rendered from beside the policy. */
  readonly gateways?: readonly GatewayRecord[];
  /** What each of its containers was told, in the same order. */
  readonly runs?: readonly RunRecord[];
}

/** An entry and the path of the construct it speaks for. */
export interface Declared extends ManifestEntry {
  readonly path: string;
}

/** Key in the file's comment. */
export const MANIFEST_KEY = "hardened-mcp";

const manifests = new WeakMap<TerraformJson, readonly Declared[]>();

/**
 * What the constructs in a written file say of themselves. Empty for a file that is not ours. Read once: controls ask at
 * every block.
 */
export function readManifest(source: TerraformJson): readonly Declared[] {
  const known = manifests.get(source) ?? declaredIn(source);
  manifests.set(source, known);
  return known;
}

function declaredIn(source: TerraformJson): readonly Declared[] {
  const comment = source["//"] as Readonly<Record<string, unknown>> | undefined;
  const entries = comment?.[MANIFEST_KEY];
  if (typeof entries !== "object" || entries === null) return [];
  return Object.entries(entries as Record<string, ManifestEntry>).map(([path, entry]) => ({
    ...entry,
    path,
  }));
}

/** The policies of all servers in a file, by the servers' names. */
export function readPolicies(source: TerraformJson): ReadonlyMap<string, PolicyDocument> {
  return new Map(
    readManifest(source).flatMap(({ policy }) => (policy === undefined ? [] : [[policy.server, policy]])),
  );
}
