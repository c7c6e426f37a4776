import { TerraformElement, TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { isToken } from "../terraform";
import { Check, ConfigurationError, nearest } from "../validation";
import { idsOf, trail, type Move } from "./paths";

/** One resource that Terraform takes over under another address. */
interface MovedBlock {
  readonly from: string;
  readonly to: string;
}

/**
 * Writes Terraform's `moved` blocks for constructs that have got another place in the program, one for each resource
 * below them, so that nothing is destroyed and made anew for its address alone:
 * `new Moves(stack, "moves", [{ from: "mcp", to: "tools/mcp" }])`. Paths begin at `scope`. Write later moves below earlier
 * ones, and leave them there as long as anybody's state may still be older.
 *
 * It moves addresses, not names: a server that gets another **name** gets other secrets, log groups and tasks, because AWS
 * renames none of them.
 */
export class Moves extends TerraformElement {
  private readonly root: Construct;

  /**
   * @param demanded whether each move has to find something here. `false` is for moves of a release, of which a
   *   configuration has some constructs and not others
   * @throws ConfigurationError with every move that cannot be meant
   */
  public constructor(
    scope: Construct,
    id: string,
    private readonly moved: readonly Move[],
    demanded = true,
  ) {
    super(scope, id);
    this.root = scope;
    checkMoves(moved);
    this.node.addValidation({ validate: () => [...this.unused(demanded), ...this.declaredStill()] });
  }

  public override toTerraform(): unknown {
    const moved = this.blocks();
    return moved.length === 0 ? {} : { moved };
  }

  private resources(): TerraformResource[] {
    return resourcesBelow(this.root).filter(
      // An address that somebody has set stays the same wherever the construct stands.
      (resource) => resource.friendlyUniqueId === TerraformStack.of(this).getLogicalId(resource),
    );
  }

  private blocks(): MovedBlock[] {
    return this.resources().flatMap((resource) => {
      const type = resource.terraformResourceType;
      const addresses = trail(this.idsOf(resource), this.moved).map(
        (ids) => `${type}.${logicalId(this.root, ids)}`,
      );
      return addresses.slice(1).map((from, index) => ({ from, to: addresses[index] as string }));
    });
  }

  private idsOf(resource: TerraformResource): string[] {
    return resource.node.scopes.slice(this.root.node.scopes.length).map(({ node }) => node.id);
  }

  private unused(demanded: boolean): string[] {
    if (!demanded) return [];
    const paths = this.resources().map((resource) => this.idsOf(resource));
    return this.moved
      .filter((_move, index) => {
        const rest = this.moved.slice(index);
        return !paths.some((ids) => trail(ids, rest).length > trail(ids, rest.slice(1)).length);
      })
      .map(({ to }) => {
        const known = [...new Set(paths.map((ids) => ids.slice(0, idsOf(to).length).join("/")))];
        const near = nearest(to, known);
        return `nothing stands at ${to}, so there is nothing to move there${near === undefined ? "" : `; did you mean ${near}?`}`;
      });
  }

  /** Terraform's own words for it come at the plan only. */
  private declaredStill(): string[] {
    const stack = TerraformStack.of(this);
    const declared = new Set(
      resourcesBelow(stack).map((each) => `${each.terraformResourceType}.${each.friendlyUniqueId}`),
    );
    return this.blocks()
      .filter(({ from }) => declared.has(from))
      .map(({ from, to }) => `${from} is still there, so ${to} cannot be what it was`);
  }
}

function checkMoves(moved: readonly Move[]): void {
  const check = Check.start(isToken);
  const targets = new Set<string>();
  for (const [{ from, to }, at] of check.at("moved").list(moved)) {
    const usable = [[from, at.at("from")] as const, [to, at.at("to")] as const].every(
      ([path, its]) =>
        its.literal(path) &&
        its.text(path, {
          pattern: /^[^/\s]+(\/[^/\s]+)*$/,
          form: "ids of constructs with / between them, as mcp/server-notes",
        }),
    );
    if (!usable) continue;
    if (from === to) at.problem("conflict", `begins and ends at ${at.show(to)}`, "remove it");
    if (stars(from) !== stars(to))
      at.problem(
        "conflict",
        "has * in one of its ends more often than in the other",
        "write as many in both",
      );
    if (targets.has(to))
      at.at("to").problem(
        "duplicate",
        `is ${at.show(to)}, where another move ends`,
        "keep the one that was applied",
      );
    targets.add(to);
  }
  if (check.problems.length > 0) throw new ConfigurationError(check.problems);
}

const stars = (path: string): number => idsOf(path).filter((id) => id === "*").length;

/** All resources below a construct, those of a stack inside it left out. */
export function resourcesBelow(scope: Construct): TerraformResource[] {
  const stack = TerraformStack.of(scope);
  return scope.node
    .findAll()
    .filter((node) => TerraformResource.isTerraformResource(node))
    .filter((node) => TerraformStack.of(node) === stack);
}

/** What an address is called where these ids stand below `root`, by the stack's own scheme. */
function logicalId(root: Construct, ids: readonly string[]): string {
  const scopes = [...root.node.scopes, ...ids.map((id) => ({ node: { id } }))];
  // A node that is not there: schemes of a user's own read the same `scopes`.
  return TerraformStack.of(root).getLogicalId({ scopes } as never);
}
