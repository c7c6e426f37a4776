import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { opened, type Block, type Plan } from "../terraform/plan";

/**
 * What every role of a synthesised file may do, as Markdown: from the policies as they stand in the file, so that
 * nothing can be told that is not so. What is known only at deployment stands as ACCOUNT, REGION and `⟨kind place⟩`.
 */
export function rolesTable(plan: Plan): string {
  const roles = plan.blocks("aws_iam_role").sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const boundaries = new Map(
    roles.flatMap((role) => {
      const boundary = plan.target(role.body.permissions_boundary);
      return boundary === undefined ? [] : [[boundary.address, boundary] as const];
    }),
  );
  return [
    ...roles.flatMap((role) => roleSection(role, plan)),
    ...[...boundaries.values()].flatMap((boundary) => [
      `## Boundary \`${nameOf(boundary)}\``,
      "",
      "An upper limit: it gives nothing by itself.",
      "",
      ...statementsTable(statementsOf(boundary.body.policy), plan),
    ]),
  ].join("\n");
}

/** The page of the documentation for the example `complete`. */
export function rolesDocument(plan: Plan): string {
  const head = [
    "<!-- Made by `node scripts/roles.mjs --write`; a test compares it with the example. -->",
    "<!-- prettier-ignore-start -->",
    "",
    "# What each role may do",
    "",
    "Every role of the example `complete`, read from its synthesised policies. What a server of yours is granted stands in",
    "its own task role alone; [access.md](access.md) says how to grant. `node scripts/roles.mjs` prints this page.",
    "",
  ];
  return `${[...head, rolesTable(plan)].join("\n").trimEnd()}\n\n<!-- prettier-ignore-end -->\n`;
}

function roleSection(role: Block, plan: Plan): string[] {
  const boundary = plan.target(role.body.permissions_boundary);
  const rights = plan
    .referring(role, "aws_iam_role_policy", "role")
    .flatMap(({ body }) => statementsOf(body.policy));
  return [
    `## \`${nameOf(role)}\``,
    "",
    `${String(role.body.description)}. Boundary: \`${boundary ? nameOf(boundary) : plain(role.body.permissions_boundary, plan)}\`.`,
    "",
    ...statementsOf(role.body.assume_role_policy).map((trust) => `Taken on by ${trustOf(trust, plan)}`),
    "",
    ...(rights.length === 0 ? ["It may do nothing.", ""] : statementsTable(rights, plan)),
  ];
}

function trustOf(trust: Fields, plan: Plan): string {
  const who = Object.values(blockAt(trust.Principal)).flatMap(texts);
  const when = conditionsOf(trust, plan);
  return `${who.map((each) => code(plain(each, plan))).join(", ")}${when === "" ? "" : ` when ${when}`}.`;
}

function statementsTable(statements: readonly Fields[], plan: Plan): string[] {
  return [
    "| | name | actions | on | when |",
    "| - | - | - | - | - |",
    ...statements.map((each) =>
      [
        "",
        each.Effect === "Deny" ? "**never**" : "may",
        String(each.Sid),
        listed(texts(each.Action), plan),
        each.NotResource === undefined
          ? listed(texts(each.Resource), plan)
          : `everything but ${listed(texts(each.NotResource), plan)}`,
        conditionsOf(each, plan),
        "",
      ]
        .join(" | ")
        .trim(),
    ),
    "",
  ];
}

function conditionsOf(statement: Fields, plan: Plan): string {
  return Object.entries(blockAt(statement, "Condition"))
    .flatMap(([operator, keys]) =>
      Object.entries(blockAt(keys)).map(
        ([key, values]) => `${operator} ${code(key)}: ${listed(texts(values), plan)}`,
      ),
    )
    .join("; ");
}

function statementsOf(policy: unknown): readonly Fields[] {
  const document = opened(policy);
  if (document === undefined) throw new Error("a policy cannot be read before deployment");
  return blocksOf(blockAt(document).Statement);
}

function listed(values: readonly string[], plan: Plan): string {
  return values.map((value) => code(plain(value, plan))).join(", ");
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

function nameOf({ body }: Block): string {
  return String(body.name);
}

const DATA: Readonly<Record<string, string>> = {
  aws_caller_identity: "ACCOUNT",
  aws_region: "REGION",
  aws_partition: "aws",
};

/** A text with its references as a reader would call them. IAM's own variables stay. */
function plain(value: unknown, plan: Plan): string {
  return String(value).replace(/\$\{(?!aws:)[^}]+\}/g, (reference) => {
    const block = plan.target(reference);
    if (block === undefined) return reference;
    const data = block.mode === "data" ? DATA[block.type] : undefined;
    return data ?? `⟨${block.type.replace(/^aws_/, "").replaceAll("_", " ")} ${placeOf(block)}⟩`;
  });
}

/** Where it stands, without what every path has. */
function placeOf({ path, name }: Block): string {
  const place = path.split("/").slice(2);
  if (place.length === 0) return name;
  return place.filter((part, index) => index < place.length - 1 || part !== "resource").join("/");
}
