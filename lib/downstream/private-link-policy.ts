import type { Account, Statement } from "../terraform";

/**
 * Policy of a server's endpoint for a service of AWS. It grants nothing by itself: it is a second lock, which lets the
 * named actions on the named resources through for credentials of this account, so that nothing leaves with a key of
 * somebody else's that was brought along.
 */
export function privateLinkPolicy(
  allow: { readonly actions: readonly string[]; readonly resources: readonly string[] },
  account: Pick<Account, "id">,
): Statement[] {
  return [
    {
      Sid: "NamedActionsByThisAccount",
      Effect: "Allow",
      Principal: "*",
      Action: allow.actions,
      Resource: allow.resources,
      Condition: { StringEquals: { "aws:PrincipalAccount": account.id } },
    },
  ];
}
