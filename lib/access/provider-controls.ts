import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { declaredOf, isBelow } from "../checklist/engine";
import type { Declared } from "../checklist/manifest";
import type { Block, Plan } from "../terraform/plan";

/** The provider of a block that names none. */
const UNNAMED = "aws";

/** Blocks at which a deployment is asked: of each of our constructs that makes any, one at least stands there. */
const ASKED_AT = [
  "aws_ecs_task_definition",
  "aws_iam_role",
  "aws_lb",
  "aws_s3_bucket",
  "aws_security_group",
  "aws_sns_topic",
  "aws_wafv2_web_acl",
];

/** The provider that a block was put on: of the paths that are written down, the longest one above it tells. */
function expected({ path }: Block, { providers = {} }: Declared): string {
  const [nearest] = Object.keys(providers)
    .filter((above) => isBelow(path, above))
    .sort((a, b) => b.length - a.length);
  return nearest === undefined ? UNNAMED : (providers[nearest] ?? UNNAMED);
}

function providerOf({ body }: Block): string {
  return typeof body.provider === "string" ? body.provider.replace(/^\$\{(.*)\}$/, "$1") : UNNAMED;
}

const first = new WeakMap<Plan, Map<string, Block>>();

/** The block that answers for all of a construct of ours, so that each finding is said once; others answer for themselves. */
function answersForAll(block: Block, entry: Declared, plan: Plan): boolean {
  const known = first.get(plan) ?? new Map<string, Block>();
  first.set(plan, known);
  const one = known.get(entry.path) ?? block;
  known.set(entry.path, one);
  return one.address === block.address;
}

function compare(blocks: readonly Block[], entry: Declared): Finding {
  const wrong = blocks
    .filter(({ type, path }) => type.startsWith("aws_") && isBelow(path, entry.path))
    .flatMap((block) => {
      const [is, should] = [providerOf(block), expected(block, entry)];
      return is === should ? [] : [`${block.address} is on ${is} instead of ${should}`];
    });
  if (wrong.length === 0) return HOLDS;
  const more = wrong.length > 3 ? `, and ${wrong.length - 3} more` : "";
  const says = `${wrong.slice(0, 3).join(", ")}${more}`;
  return entry.providers === undefined
    ? unknown(`nothing says which providers were chosen: ${says}`)
    : fails(says);
}

/** A provider is an account and a region: the same resource on another one protects something else. */
export const providerControl: Control = {
  id: "access.providers-as-chosen",
  item: 5,
  says: "Each resource is made by the provider that the configuration puts it on",
  why: "A provider is an account with its region and rights: an archive on another one lies where its writers can delete it, and a record in a zone that nobody asks.",
  on: ASKED_AT,
  judge: (block, plan) => {
    const [entry] = [...declaredOf(block, plan)].sort((a, b) => b.path.length - a.path.length);
    if (entry === undefined) return HOLDS;
    return compare(answersForAll(block, entry, plan) ? plan.all : [block], entry);
  },
};
