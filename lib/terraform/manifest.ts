import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";
import { MANIFEST_KEY, type ManifestEntry } from "../checklist/manifest";
import { providersBelow } from "./providers";
import { VERSION } from "./version";

/** What a construct declares; version and providers are ours to know. */
export type ManifestProps = Omit<ManifestEntry, "version" | "providers">;

/**
 * Writes what a construct says of itself (posture, waivers, policy) into the comment of `cdk.tf.json`. Terraform skips
 * comments; reports and the checklist read them. Entries stand under the path of the construct that made them, so
 * those of several constructs in one stack lie side by side.
 */
export class Manifest extends TerraformElement {
  public readonly entry: ManifestEntry;
  private readonly owner: Construct;

  public constructor(scope: Construct, id: string, props: ManifestProps) {
    super(scope, id);
    this.owner = scope;
    this.entry = { version: VERSION, ...props };
  }

  public override toTerraform(): unknown {
    // Known only now: aspects have given resources their providers since this was made.
    const providers = providersBelow(this.owner);
    const entry: ManifestEntry = { ...this.entry, ...(providers && { providers }) };
    return { "//": { [MANIFEST_KEY]: { [this.owner.node.path]: entry } } };
  }
}
