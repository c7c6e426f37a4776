import type { Item } from "./control";

/** One of the fifteen things that a sceptic asks of a hardened MCP deployment. */
export interface ChecklistItem {
  readonly item: Item;
  readonly title: string;
  /** What shows it: what the controls judge, and what only a running deployment shows. */
  readonly shownBy: string;
  /** What this version of the library does not build of it yet. Fails `hardened-mcp check`, never a synth. */
  readonly notBuilt: readonly NotBuilt[];
}

/** A part of an item that is still to come. */
export interface NotBuilt {
  /** Id of the verdict, stable like a control's. */
  readonly id: string;
  readonly says: string;
  /** What is missing, and what stands in for it until then. */
  readonly missing: string;
}

/** The checklist. The report is ordered by it. */
export const ITEMS: readonly ChecklistItem[] = [
  {
    item: 1,
    title: "TLS 1.2 or later on every hop",
    shownBy: "TLS policies from a closed list, at the load balancer, the gateway and downstream",
    notBuilt: [],
  },
  {
    item: 2,
    title: "Authentication on every connection",
    shownBy: "no client without an identity; keys and tokens are verified by the gateway",
    notBuilt: [],
  },
  {
    item: 3,
    title: "Scoped credentials of each client's own",
    shownBy: "one secret per client; a key never acts as another client",
    notBuilt: [],
  },
  {
    item: 4,
    title: "Minimal OAuth scopes",
    shownBy: "each tool names its scopes, and a token without them is refused",
    notBuilt: [],
  },
  {
    item: 5,
    title: "Least privilege downstream",
    shownBy: "named actions on named resources, a boundary, security groups without anywhere",
    notBuilt: [],
  },
  {
    item: 6,
    title: "Secrets in a manager",
    shownBy: "no secret value in the configuration, the plan or the task definition",
    notBuilt: [],
  },
  {
    item: 7,
    title: "Limits per client and per tool",
    shownBy: "a token bucket for every client and every tool, shared among the tasks",
    notBuilt: [],
  },
  {
    item: 8,
    title: "Every parameter validated",
    shownBy: "the gateway checks each argument on the raw body and refuses what is not declared",
    notBuilt: [],
  },
  {
    item: 9,
    title: "A timeout for every tool",
    shownBy: "each tool's timeout, shorter than every hop in front of it",
    notBuilt: [],
  },
  {
    item: 10,
    title: "Append-only central log",
    shownBy: "an object-locked archive that the servers' roles cannot touch",
    notBuilt: [],
  },
  {
    item: 11,
    title: "No direct public access",
    shownBy:
      "every path over routes, network ACLs, groups and listeners computed: one only, behind the firewall",
    notBuilt: [],
  },
  {
    item: 12,
    title: "A proxy terminates TLS",
    shownBy: "the load balancer reaches the gateway's port alone; the server listens on loopback",
    notBuilt: [],
  },
  {
    item: 13,
    title: "Alerts",
    shownBy: "an alarm for each kind of refusal and failure, heard by somebody, missing data included",
    notBuilt: [],
  },
  {
    item: 14,
    title: "Scheduled rotation",
    shownBy: "every secret changes on a schedule, without a refused call in between",
    notBuilt: [],
  },
  {
    item: 15,
    title: "Security review",
    shownBy: "a review that is signed over the policy and stale as soon as the policy changes",
    notBuilt: [],
  },
];
