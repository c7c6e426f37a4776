import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import { HardenedMcp } from "../../lib/hardened-mcp";
import { POSTURES } from "../../lib/posture";
import type { TasksConfig } from "../../lib/task/config";
import { resolveTasks } from "../../lib/task/tasks-model";
import { Check, formatProblem } from "../../lib/validation";
import { goodConfig, goodServer, isTestToken } from "../support/config";
import { synthPlan } from "../support/plan";

function resolve(tasks: object | undefined) {
  const check = Check.start(isTestToken).at("run", "tasks");
  const model = resolveTasks(tasks as TasksConfig, check, {
    ...{ posture: "production", defaults: POSTURES.production, single: true },
  });
  return { model, problems: check.problems.map(formatProblem) };
}

describe("tasks of a server with sessions in its memory", () => {
  const later = "${TOKEN[1]}" as unknown as number;
  it.each<[string, object | undefined, string[]]>([
    ["not said", undefined, []],
    ["one", { min: 1, max: 1 }, []],
    [
      "two",
      { min: 1, max: 2 },
      [
        'run.tasks.max is 2, and sessions live in the memory of one task; leave it out, or keep sessions elsewhere and use sessions "none" [conflict]',
      ],
    ],
    [
      "split",
      { split: "read-write" },
      ["run.tasks.split means nothing where sessions live in one task; remove it [conflict]"],
    ],
    [
      "a field that there is not",
      { most: 1 },
      ["run.tasks.most is not a field here; remove it [unknown-field]"],
    ],
  ])("are one: %s", (_what, tasks, messages) => {
    const { model, problems } = resolve(tasks);
    expect(problems).toEqual(messages);
    expect(model).toEqual({ tasks: { min: 1, max: 1 }, split: undefined });
  });

  it("are not known only at deployment", () => {
    const { problems } = resolve({ min: later });
    expect(problems).toEqual([expect.stringMatching(/^run\.tasks\.min is known only at deployment/)]);
  });
});

test("a whole server with sessions passes the checklist as one without does", () => {
  const failing = (sessions: "none" | "single-task") => {
    const servers = { notes: goodServer({ sessions }) };
    const plan = synthPlan((stack) => void new HardenedMcp(stack, "mcp", goodConfig({ servers })));
    const judged = judgePlan(plan, CONTROLS, { asOf: "2026-11-25" });
    return judged
      .filter(({ result }) => result !== "pass")
      .map(({ control, result }) => `${control} ${result}`);
  };
  expect(failing("single-task")).toEqual(failing("none"));
});
