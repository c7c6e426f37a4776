import { blockAt } from "../audit/read";
import { fails, HOLDS, type Control } from "../checklist/control";
import { declaredOf, isBelow } from "../checklist/engine";
import { alarmsFor, sourcesOf } from "./catalogue";
import type { Alarm } from "./alarm";
import { ALARM_TAGS } from "./names";

const ALARM = "aws_cloudwatch_metric_alarm";

/** What an alarm watches beside the region: alarms that watch the same are made together. */
const watched = (alarm: Alarm): string =>
  sourcesOf(alarm)
    .filter((source) => source !== "region")
    .join();

const setComplete: Control = {
  id: "alarms.set-complete",
  item: 13,
  says: "A set of alarms that is used on its own has all of the catalogue over what it watches",
  why: "One alarm over a load balancer looks like all of them: what the missing ones would have said is heard by nobody.",
  on: [ALARM],
  judge: (block, plan) => {
    const set = declaredOf(block, plan).find(({ part }) => part === "alarm-set");
    if (set === undefined) return HOLDS;
    const ids = plan
      .blocks(ALARM)
      .filter(({ path }) => isBelow(path, set.path))
      .map(({ body }) => blockAt(body, "tags")[ALARM_TAGS.id]);
    const own = blockAt(block.body, "tags")[ALARM_TAGS.id];
    // Rules of ours are watched where one alarm by their names is there.
    const all = alarmsFor("platform", { expectedCountries: set.chosen?.countries ?? [], ownWebAcl: true });
    const ours = all.some(({ id, only }) => only === "own-web-acl" && ids.includes(id));
    const here = all.find(({ id }) => id === own);
    if (here === undefined) return fails("it bears no name of the catalogue");
    const missing = all
      .filter((alarm) => watched(alarm) === watched(here) && (ours || alarm.only !== "own-web-acl"))
      .map(({ id }) => id)
      .filter((id) => !ids.includes(id));
    return missing.length === 0 ? HOLDS : fails(`beside it ${missing.join(", ")} is missing`);
  },
  maps: { owasp: ["MCP08"] },
};

/** Controls of alarms that are used on their own. */
export const setControls: readonly Control[] = [setComplete];
