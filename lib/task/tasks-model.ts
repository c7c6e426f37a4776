import { FIRST_PRIORITY } from "../ingress/split-rules";
import type { Posture, PostureDefaults } from "../posture";
import type { Check, Fields } from "../validation";
import type { TaskBounds, TasksConfig } from "./config";

/** A server whose tools run in two services. */
export interface SplitModel {
  /** Bounds of the service of the tools that write. */
  readonly writing: TaskBounds;
  /** First priority of its listener rules; absent = made from its name. */
  readonly rulesFrom: number | undefined;
}

/** What the number of tasks depends on. */
export interface TasksFacts {
  /** Whether the server keeps sessions in its memory, so that there may be one task alone. @default false */
  readonly single?: boolean;
  readonly posture: Posture;
  readonly defaults: PostureDefaults;
}

/** DNS answers with eight addresses at most, and limits are shared among the tasks that it names. */
export const MAX_TASKS = 8;
const FIELDS = {
  min: true,
  max: true,
  split: true,
  writing: true,
  rulesFrom: true,
} satisfies Fields<TasksConfig>;
const BOUNDS = { min: true, max: true } satisfies Fields<TaskBounds>;

/** Resolves how many tasks there are, and whether they are split. */
export function resolveTasks(
  config: TasksConfig | undefined,
  check: Check,
  facts: TasksFacts,
): { readonly tasks: TaskBounds; readonly split: SplitModel | undefined } {
  if (facts.single) return { tasks: checkSingle(config, check), split: undefined };
  const fallback = { min: facts.defaults.minTasks, max: facts.defaults.maxTasks };
  if (config === undefined || !check.object(config, FIELDS)) return { tasks: fallback, split: undefined };
  const { min = fallback.min, max = fallback.max, split, writing, rulesFrom } = config as TasksConfig;
  const tasks = resolveBounds({ min, max }, check, fallback, facts);
  if (split === undefined) {
    for (const [name, value] of Object.entries({ writing, rulesFrom }))
      if (value !== undefined)
        check
          .at(name)
          .problem("conflict", "means nothing where tasks are not split", "set split, or remove it");
    return { tasks, split: undefined };
  }
  check.at("split").oneOf(split, ["read-write"]);
  if (rulesFrom !== undefined && check.at("rulesFrom").literal(rulesFrom, "rules are counted from it"))
    check.at("rulesFrom").integer(rulesFrom, FIRST_PRIORITY);
  const apart =
    writing !== undefined && check.at("writing").object(writing, BOUNDS)
      ? resolveBounds(writing, check.at("writing"), tasks, facts)
      : tasks;
  return { tasks, split: { writing: apart, rulesFrom } };
}

/** One task: a second one would know nothing of the first one's sessions. */
function checkSingle(config: TasksConfig | undefined, check: Check): TaskBounds {
  const given = config !== undefined && check.object(config, FIELDS) ? (config as TasksConfig) : {};
  for (const [name, value] of Object.entries(given)) {
    const at = check.at(name);
    if (!Object.hasOwn(FIELDS, name)) continue;
    if (name !== "min" && name !== "max")
      at.problem("conflict", "means nothing where sessions live in one task", "remove it");
    else if (at.literal(value, "sessions live in one task") && value !== 1)
      at.problem(
        "conflict",
        `is ${at.show(value)}, and sessions live in the memory of one task`,
        'leave it out, or keep sessions elsewhere and use sessions "none"',
      );
  }
  return { min: 1, max: 1 };
}

function resolveBounds(
  { min, max }: TaskBounds,
  check: Check,
  fallback: TaskBounds,
  { posture }: TasksFacts,
): TaskBounds {
  const wellMin = check.at("min").integer(min, { min: 1, max: MAX_TASKS, unit: "tasks" });
  const wellMax = check.at("max").integer(max, {
    min: 1,
    max: MAX_TASKS,
    unit: "tasks",
    known: true,
    fix: "limits are shared among eight tasks at most; give each task more CPU",
  });
  if (!wellMin || !wellMax) return fallback;
  if (!check.isToken(min) && !check.isToken(max) && min > max) {
    check.problem("conflict", `has min ${min} above max ${max}`, "raise max or lower min");
  }
  if (posture === "production" && !check.isToken(min) && min < 2) {
    check
      .at("min")
      .problem(
        "unsafe",
        `is ${min}, which does not survive the loss of a zone`,
        'use 2, or posture "sandbox"',
      );
  }
  return { min, max };
}
