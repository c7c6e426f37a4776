import { createHash } from "node:crypto";
import { CONTROLS } from "../../lib/checklist/controls";
import type { TerraformJson } from "../../lib/terraform/plan";
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

/** Of every so many classes one is judged by another representative too: all would take twice as long. */
const EVERY = 3;

/** Whether a class is one of those: by its key, so that a class more moves no other. */
function isTriedTwice(key: string): boolean {
  return createHash("sha256").update(key).digest().readUInt32BE(0) % EVERY === 0;
}

/** Judges every class of a file, but for those that others were judged for. */
export function scoreOf(file: TerraformJson, known: ReadonlySet<string> = new Set()): Score {
  const started = performance.now();
  const schema = schemaOf(file);
  const judge = new Judge(file, CONTROLS);
  const by = (mutation: Mutation) => (isRequired(mutation, schema) ? "schema" : judge.caughtBy(mutation));
  const all = classesOf(mutationsOf(file)).filter(({ key }) => !known.has(key));
  const classes = all
    .filter(({ key }) => !isDescriptive(key))
    .map(({ key, hop, first, second }): Scored => {
      const other = isTriedTwice(key) ? second : undefined;
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

/** Scores of several files as one. */
export function together(scores: readonly Score[]): Score {
  return {
    classes: scores.flatMap(({ classes }) => classes),
    descriptive: scores.flatMap(({ descriptive }) => descriptive),
    seconds: scores.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** Percent of classes that are caught, rounded down. */
export function share(classes: Score["classes"]): number {
  return Math.floor((100 * classes.filter(({ by }) => by !== undefined).length) / classes.length);
}

/** Hops of which less is caught than a table demands. */
export function fallen({ classes }: Score, floors: Readonly<Record<string, number>>): readonly string[] {
  return hopsOf(classes).filter(
    (hop) => share(classes.filter((one) => one.hop === hop)) < (floors[hop] ?? 100),
  );
}

/** Names of the hops that classes belong to, sorted. */
export function hopsOf(classes: Score["classes"]): readonly string[] {
  return [...new Set(classes.map(({ hop }) => hop))].sort();
}

/** Keys of what nothing has caught, sorted. */
export function missedOf({ classes }: Score): readonly string[] {
  return classes.flatMap(({ key, by }) => (by === undefined ? [key] : [])).sort();
}

/** Keys of what is caught in one place, and not in another that was tried, sorted. */
export function unlikeOf({ classes }: Score): readonly string[] {
  return classes
    .flatMap(({ key, by, second }) => (by !== undefined && second === "missed" ? [key] : []))
    .sort();
}

/** A score in lines for people. */
export function printed(score: Score, of: string): string {
  const { classes, descriptive, seconds } = score;
  return [
    `[deletion] ${of}: ${share(classes)} % of ${classes.length} classes are caught, ${descriptive.length} are descriptive; ${seconds} s`,
    ...hopsOf(classes).map((hop) => {
      const own = classes.filter((one) => one.hop === hop);
      return `  ${hop}: ${share(own)} % of ${own.length}`;
    }),
    `[deletion] not caught: ${missedOf(score).length}`,
    ...missedOf(score).map((key) => `  ${key}`),
    `[deletion] caught, but not another one of their class: ${unlikeOf(score).length}`,
    ...unlikeOf(score).map((key) => `  ${key}`),
    "",
  ].join("\n");
}
