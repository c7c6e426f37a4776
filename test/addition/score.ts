import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan, type Verdict } from "../../lib/checklist/engine";
import { reachOf } from "../../lib/checklist/reach";
import { diff } from "../../lib/checklist/review/diff";
import { summarise } from "../../lib/checklist/review/summary";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { File, type Addition } from "./added";
import { ADDITIONS } from "./classes";

/** What was said of an addition. */
export interface Said {
  readonly key: string;
  readonly class: string;
  readonly addition: Addition;
  /** Controls that hold no longer. */
  readonly controls: readonly string[];
  /** Whether who can reach what has a line more. */
  readonly isNamed: boolean;
  readonly changes: readonly string[];
  readonly widens: boolean;
}

const asOf = "2026-01-01";

/** Of constructs that may write beside a deployment: none of ours, and one inside a server of ours. */
export const BESIDE = "complete/beside/added";
export const INSIDE = "complete/mcp/server-orders/added";

/** Judges every addition to a file, each alone. @param path of the construct that makes them; none for a hand's */
export function saidOf(source: TerraformJson, path?: string): Said[] {
  const file = new File(source);
  const plan = new Plan(source);
  const before = new Set(open(plan).map(keyOf));
  const reach = lines(plan);
  const summary = summarise(plan, CONTROLS);
  return Object.entries(ADDITIONS).flatMap(([name, additions]) =>
    additions.map((addition): Said => {
      const after = new Plan(file.with(addition.adds(file), path));
      const changes = diff(summary, summarise(after, CONTROLS));
      return {
        key: `${name}: ${addition.name}`,
        class: name,
        addition,
        controls: [
          ...new Set(open(after).flatMap((verdict) => (before.has(keyOf(verdict)) ? [] : [verdict.control]))),
        ],
        isNamed: [...lines(after)].some((line) => !reach.has(line)),
        changes: changes.map(({ says }) => says),
        widens: changes.some(({ widens }) => widens),
      };
    }),
  );
}

/** Whether what was said is what is expected, or why it is not. */
export function wrong({ addition, controls, isNamed, changes, widens }: Said): string | undefined {
  const isSaid = controls.length > 0 || isNamed;
  if (addition.expected === "quiet")
    return isSaid || widens ? `said: ${[...controls, ...changes].join("; ")}` : undefined;
  if (addition.expected === "verdict" && controls.length === 0)
    return isNamed ? "only named" : "nothing is said";
  if (!isSaid) return "nothing is said";
  if (changes.length === 0) return "diff says nothing";
  const mustWiden = addition.widens === true || controls.some((id) => id.startsWith("beside."));
  return mustWiden && !widens ? `diff does not say that reach widened: ${changes.join("; ")}` : undefined;
}

/** The score in lines for people, by class. */
export function printed(said: readonly Said[]): string {
  return [
    ...Object.keys(ADDITIONS).map((name) => {
      const own = said.filter((one) => one.class === name);
      const opening = own.filter(({ addition }) => addition.expected !== "quiet");
      const right = opening.filter((one) => wrong(one) === undefined);
      const quiet = own.length - opening.length;
      return `[addition] ${name}: ${right.length} of ${opening.length} are seen, ${quiet} open nothing`;
    }),
    ...said.flatMap((one) => {
      const why = wrong(one);
      return why === undefined ? [] : [`  ${one.key}: ${why}`];
    }),
    "",
  ].join("\n");
}

function open(plan: Plan): Verdict[] {
  return judgePlan(plan, CONTROLS, { asOf }).filter(
    ({ result }) => result === "fail" || result === "unknown",
  );
}

function keyOf({ control, address = "", result }: Verdict): string {
  return `${control} ${address} ${result}`;
}

function lines(plan: Plan): Set<string> {
  return new Set(JSON.stringify(reachOf(plan), null, 1).split("\n"));
}
