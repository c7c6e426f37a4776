import type { Control } from "../checklist/control";
import { accountLogs } from "./account";
import { nothingAdded } from "./added";
import { WAIVABLE } from "./config";
import { DOORS, NETWORK, STANDING } from "./doors";
import { namesLead } from "./names";
import { writtenOnce } from "./once";
import { RECORDS, STORES } from "./records";
import { ROLES, RUNNING } from "./running";
import { seenOf } from "./seen";
import { touching } from "./touch";
import { valuesUnread } from "./values";

const waivable: ReadonlySet<string> = new Set(WAIVABLE);

/** What somebody else writes into the same file, and that reaches into what is ours. */
export const besideControls: readonly Control[] = [
  touching(
    {
      ...{ id: "beside.no-other-door", item: 11 },
      says: "Nothing of somebody else leads calls to our load balancer or tasks, or our clients' calls elsewhere",
      why: "A distribution, an API or a rule beside ours has its own TLS and its own idea of who may call, and may pass the gateway by.",
    },
    DOORS,
  ),
  touching(
    {
      ...{ id: "beside.network-as-made", item: 11 },
      says: "Nobody else changes who may reach what in our groups, tables, endpoints and names",
      why: "A rule more in a group of ours is as good as one that we wrote, and no connection of the configuration says why it is there.",
    },
    NETWORK,
  ),
  touching(
    {
      ...{ id: "beside.run-by-us-alone", item: 5 },
      says: "Nobody else starts, feeds or ends our tasks and functions, or empties our queues",
      why: "Who starts a task chooses its commands: with the role and the secrets of ours.",
    },
    RUNNING,
  ),
  touching(
    {
      ...{ id: "beside.roles-as-made", item: 5 },
      says: "Nobody else adds to our roles, takes from them or gives them away",
      why: "A right more at a role of ours is one that no tool needs, and none of our tables of who may do what has it.",
    },
    ROLES,
  ),
  touching(
    {
      ...{ id: "beside.stores-as-made", item: 10 },
      says: "Our buckets and keys have no other door: access points, lists, grants, copies",
      why: "Each has a policy of its own: what our bucket's policy says is not all that is allowed.",
    },
    STORES,
  ),
  touching(
    {
      ...{ id: "beside.records-as-made", item: 10 },
      says: "Nobody else reads, rewrites or hides our records and alarms",
      why: "Who gets a copy knows what everybody does; who rewrites lines decides what will have happened.",
    },
    RECORDS,
  ),
  touching(
    {
      ...{ id: "beside.groups-of-ours-alone", item: 11 },
      says: "Nothing of somebody else stands in a group of ours",
      why: "What stands in the load balancer's group calls the gateway as the load balancer does; in a task's, it reaches what the task reaches.",
    },
    STANDING,
  ),
  namesLead,
  accountLogs,
  valuesUnread,
  writtenOnce,
  nothingAdded,
].map((control: Control) => (waivable.has(control.id) ? { seen: seenOf, ...control } : control));
