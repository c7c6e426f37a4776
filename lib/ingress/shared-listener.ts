import { prioritiesMeet, PRIORITIES_PER_SERVER, ruleCount, RULES_PER_LOAD_BALANCER } from "./split-rules";

/** What one server takes of the listener that it shares with others. */
export interface ListenerShare {
  /** Where the server is made, as an error names it: its place in the program. */
  readonly place: string;
  /** Deployment and server, of which names in AWS are made: `acme-prod-orders`. */
  readonly name: string;
  /** Host and path that clients call: `mcp.example.com/orders/mcp`. */
  readonly address: string;
  /** Tools that go to a second service, and the first of its priorities. @default none */
  readonly split?: { readonly tools: readonly string[]; readonly rulesFrom: number } | undefined;
}

/**
 * What servers of one listener take from each other, in sentences: servers of several stacks of one program never see each
 * other's configuration, and AWS or a client would be the first to notice.
 */
export function sharedListenerProblems(shares: readonly ListenerShare[]): string[] {
  return [...rules(shares), ...twice(shares, "address"), ...twice(shares, "name"), ...meetings(shares)];
}

function rules(shares: readonly ListenerShare[]): string[] {
  const needed = ruleCount(shares.map(({ split }) => split?.tools.length ?? 0));
  return needed <= RULES_PER_LOAD_BALANCER
    ? []
    : [
        `${shares.length} servers need ${needed} listener rules, and one load balancer has ${RULES_PER_LOAD_BALANCER}: use a second platform for some of them`,
      ];
}

function twice(shares: readonly ListenerShare[], field: "address" | "name"): string[] {
  const values = [...new Set(shares.map((share) => share[field]))];
  return values.flatMap((value) => {
    const places = shares.filter((share) => share[field] === value).map(({ place }) => place);
    return places.length < 2 ? [] : [`${places.join(" and ")} have the same ${field}, ${value}`];
  });
}

function meetings(shares: readonly ListenerShare[]): string[] {
  const split = shares
    .flatMap(({ place, split: own }) => (own ? [{ place, from: own.rulesFrom }] : []))
    .sort((a, b) => a.from - b.from);
  return split.flatMap(({ place, from }, index) => {
    const next = split[index + 1];
    return next === undefined || !prioritiesMeet(from, next.from)
      ? []
      : [
          `${place} and ${next.place} have listener rules from ${from} and ${next.from}, and each takes ${PRIORITIES_PER_SERVER}: set run.tasks.rulesFrom of one`,
        ];
  });
}
