import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";
import { MANIFEST_KEY, type ManifestEntry } from "../checklist/manifest";
import { VERSION } from "./version";

/** What a construct declares; the version is ours to know. */
export type ManifestProps = Omit<ManifestEntry, "version">;

/**
 * Writes what a construct says of itself (posture, waivers, policy) into the comment of `cdk.tf.json`. Terraform skips
 * comments; reports and the checklist read them. Entries stand under the path of the construct that made them, so
 * those of several constructs in one stack lie side by side.
 */
export class Manifest extends TerraformElement {
  private readonly entry: ManifestEntry;
  private readonly owner: string;

  public constructor(scope: Construct, id: string, props: ManifestProps) {
    super(scope, id);
    this.owner = scope.node.path;
    this.entry = { version: VERSION, ...props };
  }

  public override toTerraform(): unknown {
    return { "//": { [MANIFEST_KEY]: { [this.owner]: this.entry } } };
  }
}
