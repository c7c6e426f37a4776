import type { Block, Plan } from "../terraform/plan";
import { HOLDS, type Control, type Finding, type Item, type Mapping } from "./control";
import { isDay } from "../validation/day";
import { inDoubt, judgeWhole, unseen } from "./doubt";
import { standsFor } from "./given";
import { ITEMS } from "./items";
import { readManifest, type Declared, type ManifestWaiver } from "./manifest";
import { partMakes } from "./parts";
import { digestOf, waiversAt, waiversElsewhere } from "./seen";

/** What came out. `unknown`: the value is known only at deployment. `not-built`: this version has no answer yet. */
export type Result = "pass" | "fail" | "waived" | "unknown" | "not-applicable" | "not-built";

/** What one control found at one block; without a block where there was none to judge. */
export interface Verdict {
  readonly control: string;
  readonly item: Item;
  readonly result: Result;
  readonly says: string;
  readonly why: string;
  readonly address?: string;
  /** The construct's path. */
  readonly path?: string;
  /** Why it is not a pass, in a sentence. */
  readonly detail?: string;
  readonly waiver?: {
    readonly field: string;
    readonly reason: string;
    readonly until: string;
    /** Its last day is over: then it no longer excuses anything. */
    readonly lapsed: boolean;
  };
  /** Digest of what was found at the block, by which a waiver names it, where one may. */
  readonly seen?: string;
  readonly maps?: Mapping;
}

/** Today or another day, `YYYY-MM-DD`, on which waivers are judged. */
export interface AsOf {
  readonly asOf: string;
}

/** Judges every control at every block it is about. Pure: the day is a parameter. */
export function judgePlan(plan: Plan, controls: readonly Control[], { asOf }: AsOf): Verdict[] {
  const declared = readManifest(plan.source);
  const waived = declared.filter(({ waivers }) => waivers.length > 0);
  const by = (some: readonly Control[]) => (of: Plan) =>
    some.flatMap((control) => [
      ...judgeControl(control, of, { declared, waived, asOf }),
      ...atNoBlock(control, of, { waived, asOf }),
    ]);
  const judge = by(controls);
  const most = unseen(judge(plan), plan, (of, ids) => by(controls.filter(({ id }) => ids.has(id)))(of));
  return [
    ...inDoubt(most, plan.least().map(judge), plan),
    ...judgeWhole(plan),
    ...(declared.some(({ kind }) => kind !== "part") ? notBuilt() : []),
  ];
}

/** What is said of a waiver whose block is gone. */
export const NO_BLOCK = "there is no such block: nothing is waived there, take the waiver out";

interface Said extends AsOf {
  readonly declared: readonly Declared[];
  /** Those with waivers: each verdict asks for its own, and most files have none. */
  readonly waived: readonly Declared[];
}

function judgeControl(control: Control, plan: Plan, { declared, waived, asOf }: Said): Verdict[] {
  const base = aboutOf(control);
  if (control.asked?.(plan) === false)
    return [{ ...base, result: "not-applicable", detail: "nothing in the configuration asks for it" }];
  const blocks = plan.blocks(...control.on);
  if (blocks.length > 0) {
    return blocks.map((block) => {
      const found = { ...base, address: block.address, path: block.path };
      const finding = judgeBlock(control, block, plan);
      if (control.seen !== undefined && finding.holds !== true)
        return concludeSeen(found, finding, { control, block, plan, waived, asOf });
      return conclude(found, finding, waiverOf(control, waived, block.path, asOf));
    });
  }
  const missing = `there is no ${control.on.join(" or ")}`;
  const makers = makersOf(control, declared);
  const given = makers.map(({ existing = [] }) => standsFor(existing, control.on));
  if (control.needed === true && given.includes(undefined))
    return [conclude(base, { holds: false, says: missing }, waiverOf(control, waived, undefined, asOf))];
  const [reason] = given;
  if (reason === undefined) return [{ ...base, result: "not-applicable", detail: missing }];
  // What somebody else keeps is not in the file: nobody has shown that it holds.
  const result = control.needed === true ? "unknown" : "not-applicable";
  return [{ ...base, result, detail: `${missing}: ${reason}, and kept by somebody else` }];
}

/** What every verdict of a control says. */
function aboutOf({ id, item, says, why, maps }: Control): Omit<Verdict, "result"> {
  return { control: id, item, says, why, ...(maps && { maps }) };
}

/** A control that stumbles over a block has not shown that anything holds there. */
function judgeBlock(control: Control, block: Block, plan: Plan): Finding {
  try {
    return control.judge(block, plan);
  } catch (error) {
    return { holds: false, says: `cannot be judged as it is written: ${(error as Error).message}` };
  }
}

function conclude(
  found: Omit<Verdict, "result">,
  finding: Finding,
  waiver: Verdict["waiver"] | undefined,
): Verdict {
  if (finding.holds === true) return { ...found, result: "pass" };
  // A waiver excuses whatever comes out, so also what is not known yet. One that has ended says nothing of it.
  if (waiver?.lapsed === false) return { ...found, result: "waived", detail: finding.says, waiver };
  if (finding.holds === "unknown") return { ...found, result: "unknown", detail: finding.says };
  if (waiver === undefined) return { ...found, result: "fail", detail: finding.says };
  const detail = `${finding.says}; its waiver ended on ${waiver.until}`;
  return { ...found, result: "fail", detail, waiver };
}

interface Seen extends Pick<Said, "waived" | "asOf"> {
  readonly control: Control;
  readonly block: Block;
  readonly plan: Plan;
}

/** Of what is waived at a block alone: only as somebody has seen it there. */
function concludeSeen(
  found: Omit<Verdict, "result">,
  finding: Exclude<Finding, { readonly holds: true }>,
  { control, block, plan, waived, asOf }: Seen,
): Verdict {
  const seen = digestOf(control, block, plan);
  const waivers = waiversAt(control, block, waived).filter(isWaiver);
  const holding = longest(
    waivers.filter((waiver) => waiver.seen === seen),
    asOf,
  );
  const isOther = holding === undefined && waivers.length > 0;
  const says = isOther ? `${finding.says}; it has changed since it was waived` : finding.says;
  return { ...conclude(found, { ...finding, says }, holding), ...(seen !== undefined && { seen }) };
}

/** Waivers that still hold, of a block that is not there: they excuse nothing, until there is one again. */
function atNoBlock(control: Control, plan: Plan, { waived, asOf }: Pick<Said, "waived" | "asOf">): Verdict[] {
  return waiversElsewhere(control, plan, waived)
    .filter((waiver) => isWaiver(waiver) && waiver.until >= asOf)
    .map((waiver) =>
      conclude(
        { ...aboutOf(control), address: waiver.at },
        { holds: false, says: NO_BLOCK },
        longest([waiver], asOf),
      ),
    );
}

/** The waiver that excuses a control at a block: one of the construct that the block belongs to. */
function waiverOf(
  control: Control,
  declared: readonly Declared[],
  path: string | undefined,
  asOf: string,
): Verdict["waiver"] | undefined {
  const waivers = declared
    .filter((entry) => path === undefined || isBelow(path, entry.path))
    .flatMap((entry) => entry.waivers)
    .filter((waiver) => isWaiver(waiver) && names(waiver, control));
  return longest(waivers, asOf);
}

/** Of several the one that holds longest. */
function longest(waivers: readonly ManifestWaiver[], asOf: string): Verdict["waiver"] | undefined {
  const [waiver] = [...waivers].sort((a, b) => (a.until < b.until ? 1 : -1));
  return waiver && { ...shown(waiver), lapsed: waiver.until < asOf };
}

/** What no configuration can turn off, no file can: whoever edits one has waived nothing. */
function names(waiver: ManifestWaiver, control: Control): boolean {
  if (control.waivedBy === undefined || waiver.at !== undefined) return false;
  return waiver.control !== undefined ? waiver.control === control.id : waiver.field === control.waivedBy;
}

/** A reason for the reader, and a day that exists. */
function isWaiver({ field, reason, until }: ManifestWaiver): boolean {
  return typeof field === "string" && typeof reason === "string" && reason.trim().length >= 8 && isDay(until);
}

function shown({ field, reason, until }: ManifestWaiver): { field: string; reason: string; until: string } {
  return { field, reason, until };
}

/** Whether a construct path is another one's or inside it. */
export function isBelow(path: string, owner: string): boolean {
  return path === owner || path.startsWith(`${owner}/`);
}

/** What the constructs of ours that a block belongs to say of themselves. */
export function declaredOf({ path }: Block, { source }: Plan): readonly Declared[] {
  return readManifest(source).filter((entry) => isBelow(path, entry.path));
}

/** What the server that a block belongs to says of itself. */
export function serverOf(
  block: Block,
  plan: Plan,
): (Declared & Required<Pick<Declared, "policy">>) | undefined {
  return declaredOf(block, plan).find(
    (entry): entry is Declared & Required<Pick<Declared, "policy">> => entry.policy !== undefined,
  );
}

/** Whether a block was made by a construct of ours. One that does not say by which may have been. */
export function isOurs({ path }: Block, plan: Plan): boolean {
  return readManifest(plan.source).some((entry) => path === "" || isBelow(path, entry.path));
}

/** A control that asks nothing of what somebody else has made. */
export function ofOurs(control: Control): Control {
  return {
    ...control,
    judge: (block, plan) => (isOurs(block, plan) ? control.judge(block, plan) : HOLDS),
  };
}

/** Types that a server makes and a platform does not. All others may be looked for in a platform. */
const OF_SERVERS: ReadonlySet<string> = new Set([
  "aws_appautoscaling_policy",
  "aws_appautoscaling_target",
  "aws_cloudwatch_log_subscription_filter",
  "aws_ecs_service",
  "aws_ecs_task_definition",
  "aws_lb_listener_rule",
  "aws_lb_target_group",
  "aws_secretsmanager_secret",
  "aws_secretsmanager_secret_policy",
  "aws_secretsmanager_secret_rotation",
  "aws_secretsmanager_secret_version",
  "aws_service_discovery_service",
  "aws_vpc_security_group_egress_rule",
  "random_password",
  "tls_private_key",
]);

/** The constructs of ours of which each makes such blocks, unless it was given what they would be. */
function makersOf(control: Control, declared: readonly Declared[]): readonly Declared[] {
  const maker = control.on.every((type) => OF_SERVERS.has(type)) ? "server" : "platform";
  return declared.filter((entry) => entry.kind === maker || partMakes(entry, control.on));
}

function notBuilt(): Verdict[] {
  return ITEMS.flatMap(({ item, shownBy, notBuilt: parts }) =>
    parts.map(({ id, says, missing }) => ({
      control: id,
      item,
      result: "not-built" as const,
      says,
      why: `The item is shown by: ${shownBy}.`,
      detail: missing,
    })),
  );
}
