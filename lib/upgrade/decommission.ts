import type { Lb } from "@cdktf/provider-aws/lib/lb";
import { TerraformElement, type TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import type { HardenedMcp } from "../hardened-mcp";
import type { AlarmSet } from "../parts/alarm-set";
import type { AuditArchive } from "../parts/audit-archive";
import type { Gateway } from "../parts/gateway";
import type { Network } from "../parts/network";
import type { RotatedSecret } from "../parts/rotated-secret";
import type { WebAcl } from "../parts/web-acl";
import type { McpPlatform } from "../platform";
import { Manifest } from "../terraform/manifest";
import { ConfigurationError } from "../validation";
import { resourcesBelow } from "./moves";

/** A part of a deployment that is used on its own. */
type Part = AlarmSet | AuditArchive | Gateway | Network | RotatedSecret | WebAcl;

/** Terraform's `removed` blocks of what stays behind. */
class LeftBehind extends TerraformElement {
  public constructor(
    scope: Construct,
    id: string,
    private readonly kept: readonly TerraformResource[],
  ) {
    super(scope, id);
  }

  public override toTerraform(): unknown {
    return {
      removed: this.kept.map((resource) => ({
        from: `${resource.terraformResourceType}.${resource.friendlyUniqueId}`,
        lifecycle: { destroy: false },
      })),
    };
  }
}

/**
 * The second of two steps by which a deployment ends: `decommission(new HardenedMcp(stack, "mcp", config))`. What is
 * synthesised then has no resources, so that the next apply destroys everything, but for the audit archive with all its
 * settings and the key it is encrypted under: Terraform forgets those and leaves them in the account. The first step is to
 * declare it disposable and to apply that. A part on its own ends in the same two steps. A later deployment under the same name gets an archive of its own.
 *
 * Whatever else of the stack refers to it has to go first: Terraform names what is missing.
 * @throws ConfigurationError where it is protected still
 */
export function decommission(deployment: HardenedMcp | McpPlatform | Part): void {
  const ending = "platform" in deployment ? deployment.platform : deployment;
  refuseProtected(ending);
  // The name of the key is given up: nothing reads by it, and the next deployment's key takes it.
  const kept = keptOf(ending)
    .flatMap(resourcesBelow)
    .filter(({ terraformResourceType: type }) => type !== "aws_kms_alias");
  for (const element of deployment.node.findAll()) {
    if (!TerraformElement.isTerraformElement(element)) continue;
    element.toTerraform = () => ({});
    element.toMetadata = () => ({});
  }
  if (kept.length > 0) new LeftBehind(deployment, "left-behind", kept);
}

function keptOf(ending: McpPlatform | Part): readonly Construct[] {
  if ("audit" in ending) return ending.audit.kept;
  return "kept" in ending ? ending.kept : [];
}

/** Everything that can end says in its manifest what it is. */
function isProtected(ending: Construct): boolean {
  const said = ending.node.children.find((child) => child instanceof Manifest);
  if (said === undefined) throw new Error(`${ending.node.path} says nothing of its lifecycle`);
  return said.entry.lifecycle === "protected";
}

function refuseProtected(ending: Construct): void {
  const problems = [];
  if (isProtected(ending))
    problems.push({
      path: "lifecycle",
      code: "conflict",
      says: 'is "protected"',
      fix: 'apply it with "disposable" first: until then AWS refuses to delete logs and secrets keep their names',
    } as const);
  const guarded = resourcesBelow(ending).some(
    (each) => each.terraformResourceType === "aws_lb" && (each as Lb).enableDeletionProtectionInput === true,
  );
  if (guarded)
    problems.push({
      path: "ingress.deletionProtection",
      code: "conflict",
      says: 'is "on"',
      fix: 'apply it with "off" first: until then AWS refuses to delete the load balancer',
    } as const);
  if (problems.length > 0) throw new ConfigurationError(problems);
}
