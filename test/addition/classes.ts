import type { Addition } from "./added";
import { ALARMS } from "./alarms";
import { DOORS } from "./doors";
import { GROUPS } from "./groups";
import { ENDPOINTS, ROUTES } from "./network";
import { BUCKETS, LOGS } from "./records";
import { ROLES, SECRETS } from "./rights";
import { TASKS } from "./tasks";
import { VALUES } from "./values";

/** What somebody may add to a file beside a deployment of ours, by what it touches. */
export const ADDITIONS: Readonly<Record<string, readonly Addition[]>> = {
  groups: GROUPS,
  routes: ROUTES,
  endpoints: ENDPOINTS,
  doors: DOORS,
  tasks: TASKS,
  roles: ROLES,
  secrets: SECRETS,
  values: VALUES,
  buckets: BUCKETS,
  logs: LOGS,
  alarms: ALARMS,
};
