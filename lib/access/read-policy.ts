import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { unknown, type Finding } from "../checklist/control";
import { opened, type Block, type Plan } from "../terraform/plan";

/** Judges the statements of a policy that is written as JSON in a string; one that only Terraform knows is unknown. */
export function judgeStatements(policy: unknown, judge: (statements: readonly Fields[]) => Finding): Finding {
  const document = opened(policy);
  if (document === undefined) return unknown("the policy cannot be read before deployment");
  return judge(blocksOf(blockAt(document).Statement));
}

/** The statements that give something. */
export function allowing(statements: readonly Fields[]): readonly Fields[] {
  return statements.filter((each) => each.Effect !== "Deny");
}

/** Whether a statement is about everybody: `*`, alone or as an AWS principal, or everybody but some. */
export function isForEverybody({ Principal, NotPrincipal }: Fields): boolean {
  if (NotPrincipal !== undefined) return true;
  if (Principal === "*") return true;
  return texts(blockAt(Principal).AWS).includes("*");
}

/** The values of a condition key under any of these operators. Keys know no capitals. */
export function conditionOf(statement: Fields, operators: readonly string[], key: string): readonly string[] {
  const condition = blockAt(statement, "Condition");
  return operators.flatMap((operator) =>
    Object.entries(blockAt(condition, operator)).flatMap(([name, value]) =>
      name.toLowerCase() === key.toLowerCase() ? texts(value) : [],
    ),
  );
}

/** How a statement is called in a message. */
export function sidOf({ Sid }: Fields): string {
  return typeof Sid === "string" ? `the statement ${Sid}` : "a statement";
}

/** Session tags that a trust asks for, with the values it takes. */
export function tagsAsked(trust: Fields): Readonly<Record<string, readonly string[]>> {
  const condition = blockAt(trust, "Condition");
  const asked = ["StringEquals", "StringLike"].flatMap((operator) =>
    Object.entries(blockAt(condition, operator)).flatMap(([key, values]) => {
      const tag = /^aws:RequestTag\/(.+)$/i.exec(key)?.[1];
      return tag === undefined ? [] : [[tag, texts(values)] as const];
    }),
  );
  return Object.fromEntries(asked);
}

/** What a role is allowed by the policies of its own in the file, as far as they can be read there. */
export function givenTo(role: Block, plan: Plan): readonly Fields[] {
  return plan
    .referring(role, "aws_iam_role_policy", "role")
    .flatMap(({ body }) => blocksOf(blockAt(opened(body.policy)).Statement))
    .filter(({ Effect }) => Effect === "Allow");
}

/** Judges all inline rights of a role at once. */
export function rightsOfRole(
  role: Block,
  plan: Plan,
  judge: (statements: readonly Fields[]) => Finding,
): Finding {
  const documents = plan
    .referring(role, "aws_iam_role_policy", "role")
    .map(({ body }) => opened(body.policy));
  if (documents.includes(undefined)) return unknown("the policy cannot be read before deployment");
  return judge(documents.flatMap((document) => blocksOf(blockAt(document).Statement)));
}
