/**
 * Controls that fail at nothing that is taken from any example, and what they fail at: each is broken by its own test. One
 * that is not here and fails at nothing either says less than it seems.
 */
export const IDLE: Readonly<Record<string, string>> = {
  ...of(
    "Something that is added: a right, a rule, a reader or a certificate.",
    ...["access.rights-in-sight", "egress.proxy-without-rights", "ingress.listener-certificates"],
    ...["network.rules-in-one-place", "secrets.administrator-apart", "task.split-readers-read"],
  ),
  ...of(
    "What no example has: exact limits, and a name at Cloudflare.",
    ...["edge.name-not-proxied", "limits.service-as-rendered", "limits.store-reachable", "limits.watched"],
  ),
  ...of("An alarm out of a set that is used on its own: no whole deployment has one.", "alarms.set-complete"),
};

function of(reason: string, ...ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(ids.map((id) => [id, reason]));
}
