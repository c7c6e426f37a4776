import { CONTROLS } from "../../lib/checklist/controls";
import type { TerraformJson } from "../../lib/terraform/plan";
import { synthExampleText } from "../support/examples";
import { classesOf } from "./classes";
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
