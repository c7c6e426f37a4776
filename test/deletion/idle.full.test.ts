import { CONTROLS } from "../../lib/checklist/controls";
import type { TerraformJson } from "../../lib/terraform/plan";
import { keyOf } from "./classes";
import { IDLE } from "./idle";
import { Judge } from "./judge";
import { mutationsOf } from "./mutations";
import { BEYOND, exampleFile } from "./subjects";

/** One that has most is the first, and the others are asked for what it has not. */
const SUBJECTS: readonly (() => TerraformJson)[] = [
  ...Object.values(BEYOND),
  () => exampleFile("complete"),
  () => exampleFile("existing-network"),
  () => exampleFile("repositories"),
];

/** Repositories belong to no hop. */
const alike = (file: TerraformJson) =>
  file.resource?.["aws_ecr_repository"] === undefined
    ? keyOf
    : ({ type, label }: { type: string; label: string }) => `${type}.${label}`;

const seen = new Set<string>();

test("every control fails at something that is taken away, but for those that are about something else", () => {
  const idle = SUBJECTS.reduce(
    (ids, subject) => {
      const file = subject();
      const judge = new Judge(
        file,
        CONTROLS.filter(({ id }) => ids.includes(id)),
      );
      const of = alike(file);
      for (const mutation of mutationsOf(file)) {
        const key = of(mutation);
        if (!seen.has(key)) judge.wake(mutation);
        seen.add(key);
      }
      return judge.idle;
    },
    CONTROLS.map(({ id }) => id) as readonly string[],
  );
  process.stderr.write(`[deletion] controls that fail at nothing: ${idle.length} of ${CONTROLS.length}\n`);
  expect([...idle].sort()).toEqual(Object.keys(IDLE).sort());
}, 300_000);
