import {
  Aspects,
  TerraformDataSource,
  TerraformResource,
  TerraformStack,
  type TerraformProvider,
} from "cdktf";
import type { Construct, IConstruct } from "constructs";

/** Which provider the AWS resources below a construct belong to. */
const marked = new WeakMap<IConstruct, TerraformProvider>();

/**
 * Gives every AWS resource below `scope` that names no provider this one; a construct further in may have another. Aspects
 * run from the outside in, so that each looks for the nearest mark by itself.
 */
export function useProvider(scope: Construct, provider: TerraformProvider | undefined): void {
  if (provider === undefined) return;
  marked.set(scope, provider);
  Aspects.of(scope).add({
    visit: (node) => {
      if (!isOfAws(node) || node.provider !== undefined) return;
      const nearest = [...node.node.scopes].reverse().find((each) => marked.has(each));
      const found = nearest && marked.get(nearest);
      if (found) node.provider = found;
    },
  });
}

/**
 * Fails a synth where AWS resources below `scope` would have no provider: Terraform itself says so at the plan only, and
 * calls it a missing region.
 */
export function demandProvider(scope: Construct): void {
  scope.node.addValidation({
    validate: () => {
      const providers = TerraformStack.of(scope)
        .allProviders()
        .filter(({ terraformResourceType: type }) => type === "aws");
      if (providers.length === 0 || providers.some(({ alias }) => alias === undefined)) return [];
      const bare = scope.node.findAll().filter((node) => isOfAws(node) && node.provider === undefined);
      if (bare.length === 0) return [];
      return [
        `${bare.length} AWS resources have no provider, because all of the stack's have an alias: give one as providers.default`,
      ];
    },
  });
}

/**
 * The providers that AWS resources below `scope` were put on, by the path of the construct below which all are on it, as the
 * manifest writes them down. Nothing where all are on the one without an alias. Overrides are no part of it.
 */
export function providersBelow(scope: IConstruct): Readonly<Record<string, string>> | undefined {
  const found: Record<string, string> = {};
  for (const node of scope.node.findAll()) {
    const mark = [...node.node.scopes].reverse().find((each) => marked.has(each));
    const usual = mark === undefined ? undefined : marked.get(mark);
    if (node === scope || node === mark) found[node.node.path] = usual?.fqn ?? UNNAMED;
    if (isOfAws(node) && node.provider?.fqn !== usual?.fqn)
      found[node.node.path] = node.provider?.fqn ?? UNNAMED;
  }
  return Object.values(found).every((name) => name === UNNAMED) ? undefined : found;
}

/** The provider of a resource that names none. */
const UNNAMED = "aws";

function isOfAws(node: IConstruct): node is TerraformResource | TerraformDataSource {
  return (
    (TerraformResource.isTerraformResource(node) || TerraformDataSource.isTerraformDataSource(node)) &&
    node.terraformResourceType.startsWith("aws_")
  );
}
