import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { isExpression } from "../terraform/plan";
import type { RequiredTags } from "./config";
import { isAsked, requiredOf, tagsOf, type BorneTags } from "./read";
import { wrongValue } from "./rules";
import { TAGGABLE } from "./taggable";

const requiredThere: Control = {
  id: "tags.required-there",
  item: 15,
  says: "Every resource bears the tags that the deployment requires, with values as they have to be",
  why: "Who answers for a resource, who pays for it and what it may hold is looked up by its tags: without one nobody is asked.",
  on: TAGGABLE,
  asked: isAsked,
  judge: (block, plan) => {
    const required = requiredOf(block, plan);
    return Object.keys(required).length === 0 ? HOLDS : compare(required, tagsOf(block, plan));
  },
};

function compare(required: RequiredTags, { tags, isWhole, isLeft }: BorneTags): Finding {
  const missing = Object.keys(required).filter((key) => !Object.hasOwn(tags, key));
  const wrong = Object.entries(required).flatMap(([key, rule]) => {
    const value = tags[key];
    const why = value === undefined || isExpression(value) ? undefined : wrongValue(rule, String(value));
    return why === undefined ? [] : [`${key} ${why}`];
  });
  if (isWhole && missing.length > 0) wrong.unshift(`there is no ${missing.join(", ")}`);
  if (wrong.length > 0) return fails(wrong.join("; "));
  if (missing.length > 0) return unknown("some of its tags are known only at deployment");
  const [left] = Object.keys(required).filter(isLeft);
  if (left !== undefined) return unknown(`its provider leaves ${left} as it finds it (ignore_tags)`);
  const later = Object.entries(required).find(([key, rule]) => rule !== "any" && isExpression(tags[key]));
  return later === undefined ? HOLDS : unknown(`${later[0]} is known only at deployment`);
}

const reachTasks: Control = {
  id: "tags.reach-tasks",
  item: 15,
  says: "Running tasks bear the tags of their service or of its definition, where some are required",
  why: "A task is no resource of Terraform: the tags of its provider never reach it, and its bill and its alarms have no owner.",
  on: ["aws_ecs_service"],
  asked: isAsked,
  judge: (block, plan) => {
    if (Object.keys(requiredOf(block, plan)).length === 0) return HOLDS;
    const { propagate_tags: from } = block.body;
    if (isExpression(from)) return unknown("propagate_tags is known only at deployment");
    return from === "SERVICE" || from === "TASK_DEFINITION"
      ? HOLDS
      : fails(`its tasks bear none: propagate_tags is ${typeof from === "string" ? from : "not set"}`);
  },
};

/** Controls of the tags that an organisation requires. */
export const tagsControls: readonly Control[] = [requiredThere, reachTasks];
