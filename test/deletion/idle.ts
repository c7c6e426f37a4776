import { besideControls } from "../../lib/beside/controls";
import { gatewayPartControls } from "../../lib/gateway/part-controls";

/**
 * Controls that fail at nothing that is taken from any example or test configuration, and what they fail at: each is broken
 * by its own test. One that is not here and fails at nothing either says less than it seems.
 */
export const IDLE: Readonly<Record<string, string>> = {
  ...of(
    "Something that is added: a right, a rule, a reader or a certificate.",
    ...[
      "access.code-apart",
      "access.rights-in-sight",
      "egress.proxy-without-rights",
      "network.rules-in-one-place",
    ],
    ...["secrets.administrator-apart", "task.split-readers-read"],
  ),
  ...of(
    "Something that somebody else adds beside: test/addition has it, and wakes each of them.",
    ...besideControls.map(({ id }) => id),
  ),
  ...of("What is caught only where tags are required: test/tags breaks it.", "tags.reach-tasks"),
  ...of("An alarm out of a set that is used on its own: no whole deployment has one.", "alarms.set-complete"),
  ...of(
    "A gateway in a task of somebody else, which no whole deployment has: test/parts/gateway-owner.test.ts breaks each.",
    ...gatewayPartControls.map(({ id }) => id),
  ),
  ...of(
    "What no configuration here has: a store of limits that is made, a bucket for logs that is given, parts on their own.",
    ...["limits.store-closed", "limits.store-password-unknown", "limits.store-password-way"],
    ...["limits.store-says-all", "limits.store-watched", "ingress.given-logs-judged-at-plan"],
    "alarms.set-complete",
  ),
};

function of(reason: string, ...ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(ids.map((id) => [id, reason]));
}
