import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { literal, type Deployment } from "../terraform";

/** One end of a connection: a security group, an IPv4 block, or a managed prefix list. */
export type Peer =
  { readonly securityGroupId: string } | { readonly cidr: string } | { readonly prefixListId: string };

/** Who may open a TCP connection to whom, and why. */
export interface ConnectionProps {
  readonly on: Deployment;
  readonly from: Peer;
  readonly to: Peer;
  readonly port: number;
  /** For the reader of the rule. Characters that AWS does not take in a description are left out. */
  readonly because: string;
  /** Whose group is written to: a group of somebody who opens it himself is left alone. @default "both" */
  readonly open?: "both" | "from" | "to";
}

/**
 * A TCP connection between two ends, opened in the group of each: a rule to leave, a rule to enter. All security group
 * rules of the library are written here, so that each says why it is there. Throws when neither end is a group.
 */
export class Connection extends Construct {
  /** The rules, for what must not start before it may connect. */
  public readonly rules: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: ConnectionProps) {
    super(scope, id);
    const { from, to, open = "both" } = props;
    const common = {
      ipProtocol: "tcp",
      fromPort: props.port,
      toPort: props.port,
      description: describe(props.because),
      tags: { ...props.on.tags },
    };
    const leaves = "securityGroupId" in from && open !== "to";
    const enters = "securityGroupId" in to && open !== "from";
    if (!leaves && !enters) throw new Error(`connection ${this.node.path} opens no security group`);
    const rules: ITerraformDependable[] = [];
    if (leaves) {
      const rule = new VpcSecurityGroupEgressRule(this, "from", {
        ...common,
        ...other(to),
        securityGroupId: from.securityGroupId,
      });
      rules.push(rule);
    }
    if (enters) {
      const rule = new VpcSecurityGroupIngressRule(this, "to", {
        ...common,
        ...other(from),
        securityGroupId: to.securityGroupId,
      });
      rules.push(rule);
    }
    this.rules = rules;
  }
}

function other(
  peer: Peer,
): { referencedSecurityGroupId: string } | { cidrIpv4: string } | { prefixListId: string } {
  if ("securityGroupId" in peer) return { referencedSecurityGroupId: peer.securityGroupId };
  return "cidr" in peer ? { cidrIpv4: peer.cidr } : { prefixListId: peer.prefixListId };
}

/** EC2 takes letters, digits, blanks and `._-:/()#,@[]+=&;{}!$*`, 255 in all. */
function describe(because: string): string {
  return literal(because.replace(/[^A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]/g, "").slice(0, 255));
}
