import { CONTROLS } from "../../lib/checklist/controls";
import type { TerraformJson } from "../../lib/terraform/plan";
import { synthExampleText, type ExampleName } from "../support/examples";
import { classesOf, keyOf } from "./classes";
import { isDescriptive } from "./descriptive";
import { Judge } from "./judge";
import { mutationsOf, type Mutation } from "./mutations";
import { isRequired, schemaOf } from "./schema";

/** What became of one class. */
export interface Scored {
  readonly key: string;
  readonly hop: string;
  /** Id of the control that caught its first representative, or `schema`; nothing where none did. */
  readonly by: string | undefined;
  /** Whether another representative is caught as well; nothing where none was tried. */
  readonly second: "caught" | "missed" | undefined;
}

/** All classes of a file. */
export interface Score {
  readonly classes: readonly Scored[];
  /** Keys of the classes that are merely descriptive, and not judged. */
  readonly descriptive: readonly string[];
  readonly seconds: number;
}

/** Of every so many classes one is judged by a second representative too: all would take twice as long. */
const EVERY = 3;

/** `complete` first, then those that have what it has not. */
const EVERY_EXAMPLE = [
  "complete",
  "repositories",
  "existing-network",
  "payments",
] as const satisfies readonly ExampleName[];

/** Which of these controls fail at no class of any example. */
export function idleOf(ids: readonly string[]): readonly string[] {
  return EVERY_EXAMPLE.reduce((idle, name) => {
    const file = JSON.parse(synthExampleText(name)) as TerraformJson;
    const judge = new Judge(
      file,
      CONTROLS.filter(({ id }) => idle.includes(id)),
    );
    const seen = new Set<string>();
    for (const mutation of mutationsOf(file)) {
      // Repositories belong to no hop.
      const alike = name === "repositories" ? `${mutation.type}.${mutation.label}` : keyOf(mutation);
      if (!seen.has(alike)) judge.wake(mutation);
      seen.add(alike);
    }
    return judge.idle;
  }, ids);
}

/** Judges every class of the complete example. */
export function scoreComplete(): Score {
  const started = performance.now();
  const file = JSON.parse(synthExampleText("complete")) as TerraformJson;
  const schema = schemaOf(file);
  const judge = new Judge(file, CONTROLS);
  const by = (mutation: Mutation) => (isRequired(mutation, schema) ? "schema" : judge.caughtBy(mutation));
  const all = classesOf(mutationsOf(file));
  const classes = all
    .filter(({ key }) => !isDescriptive(key))
    .map(({ key, hop, first, second }, index): Scored => {
      const other = index % EVERY === 0 ? second : undefined;
      return {
        ...{ key, hop, by: by(first) },
        second: other && (by(other) === undefined ? "missed" : "caught"),
      };
    });
  return {
    classes,
    descriptive: all.map(({ key }) => key).filter(isDescriptive),
    seconds: Math.round((performance.now() - started) / 1000),
  };
}
