import { blockAt, texts, type Fields } from "../audit/read";
import { fails, HOLDS, type Control, type Finding } from "../checklist/control";
import { opened, type Block, type Plan } from "../terraform/plan";
import { allowing, judgeStatements, rightsOfRole, sidOf, tagsAsked } from "./read-policy";
import { matchesAction } from "./unscoped-actions";

const ROLE = "aws_iam_role";

/** Trust in other roles, of somebody who may do it in a user's name. */
function inTheNameOf(statements: readonly Fields[]): readonly Fields[] {
  return allowing(statements).filter((each) =>
    texts(each.Action).some((action) => matchesAction([action], "sts:TagSession")),
  );
}

const userNamed: Control = {
  id: "access.user-named",
  item: 5,
  says: "A role of users is taken on only in the name of one, by named roles",
  why: "Without a name the variables in its rights are empty, and with half a path as name they reach further.",
  on: [ROLE],
  judge: ({ body }) =>
    judgeStatements(body.assume_role_policy, (statements) => {
      for (const trust of inTheNameOf(statements)) {
        const people = texts(blockAt(trust.Principal).AWS);
        if (people.length === 0 || people.some((arn) => /:root$|^\d{12}$|\*/.test(arn)))
          return fails(`${sidOf(trust)} is for whole accounts`);
        if (!texts(trust.Action).some((action) => matchesAction([action], "sts:AssumeRole")))
          return fails(`${sidOf(trust)} names a user, and lets nobody in`);
        const tags = tagsAsked(trust);
        const [tag] = Object.keys(tags);
        if (tag === undefined) return fails(`${sidOf(trust)} asks for no name`);
        if (tags[tag]?.includes("*")) return fails(`${sidOf(trust)} takes an empty name`);
        const refused = texts(blockAt(trust.Condition, "StringNotLike")[`aws:RequestTag/${tag}`]);
        if (!refused.includes("*/*")) return fails(`${sidOf(trust)} takes a name with / in it`);
        const only = texts(blockAt(trust.Condition, "ForAllValues:StringEquals")["aws:TagKeys"]);
        if (only.join() !== tag) return fails(`${sidOf(trust)} takes other tags too`);
      }
      return HOLDS;
    }),
  maps: { owasp: ["MCP02"] },
};

/** Every right of a role that is taken on in a user's name, judged with the role's trust. */
function judgeUserRole(
  block: Block,
  plan: Plan,
  judge: (rights: readonly Fields[], trust: Fields) => Finding,
): Finding {
  return judgeStatements(block.body.assume_role_policy, (statements) => {
    const [trust] = inTheNameOf(statements);
    return trust === undefined ? HOLDS : rightsOfRole(block, plan, (rights) => judge(rights, trust));
  });
}

const userParts: Control = {
  id: "access.user-parts",
  item: 5,
  says: "Every right of a role of users is for the part of the one whose name it bears",
  why: "One right without the name opens everybody's data to every session.",
  on: [ROLE],
  judge: (block, plan) =>
    judgeUserRole(block, plan, (rights) => {
      const open = allowing(rights).find((right) => !isPart(right) && !isKeyUse(right));
      return open === undefined ? HOLDS : fails(`${sidOf(open)} is the same for everybody`);
    }),
  maps: { owasp: ["MCP02"] },
};

/** A resource or a condition of it bears the name. */
function isPart(right: Fields): boolean {
  const resources = texts(right.Resource);
  if (resources.length > 0 && resources.every(bearsName)) return true;
  return Object.entries(blockAt(right, "Condition")).some(([operator, keys]) =>
    // A set without members fits any values: only with `Null` beside it does it ask for a key.
    Object.entries(blockAt(keys)).some(([key, values]) => {
      const named = texts(values);
      if (named.length === 0 || !named.every(bearsName)) return false;
      return !operator.startsWith("ForAllValues:") || asksFor(right, key);
    }),
  );
}

function asksFor(right: Fields, key: string): boolean {
  return texts(blockAt(right.Condition, "Null")[key]).join() === "false";
}

function bearsName(text: string): boolean {
  return text.includes("${aws:PrincipalTag/");
}

/** A key is used by the service that it names, for what the other rights let through. */
function isKeyUse(right: Fields): boolean {
  const through = texts(blockAt(right.Condition, "StringEquals")["kms:ViaService"]);
  return texts(right.Action).every((action) => action.startsWith("kms:")) && through.length > 0;
}

const userAlone: Control = {
  id: "access.user-alone",
  item: 5,
  says: "The role that speaks for users is denied without a name what it may do with one",
  why: "A way round the name is a way to everybody's data by one mistaken query.",
  on: [ROLE],
  judge: (block, plan) =>
    judgeUserRole(block, plan, (rights, trust) => {
      const wanted = allowing(rights)
        .filter((right) => !isKeyUse(right))
        .flatMap((right) =>
          texts(right.Action).flatMap((action) =>
            texts(right.Resource).map((on) => [action, sample(on)] as const),
          ),
        );
      for (const reference of texts(blockAt(trust.Principal).AWS)) {
        const speaker = plan.target(reference);
        if (speaker === undefined) return fails(`${reference} is a role of another file`);
        const denied = deniedTo(speaker, plan);
        const open = wanted.find(
          ([action, on]) =>
            !denied.some(
              ({ Action, Resource }) =>
                matchesAction(texts(Action), action) && matchesAction(texts(Resource), on),
            ),
        );
        if (open) return fails(`${speaker.address} may be given ${open[0]} without a name`);
      }
      return HOLDS;
    }),
  maps: { owasp: ["MCP02"] },
};

/** What is denied to a role whatever the circumstances. */
function deniedTo(role: Block, plan: Plan): readonly Fields[] {
  return plan.referring(role, "aws_iam_role_policy", "role").flatMap(({ body }) => {
    const document = blockAt(opened(body.policy)).Statement;
    const statements = (Array.isArray(document) ? document : [document]) as Fields[];
    return statements.filter((each) => each.Effect === "Deny" && each.Condition === undefined);
  });
}

/** One of what a pattern stands for. */
function sample(resource: string): string {
  return resource.replace(/\$\{aws:[^}]*\}/g, "x").replace(/\*/g, "x");
}

const passScoped: Control = {
  id: "access.pass-scoped",
  item: 5,
  says: "Nobody passes a role but a named one, to a named service",
  why: "Whoever may pass any role to any service has the rights of the strongest.",
  on: ["aws_iam_role_policy", "aws_iam_policy"],
  judge: ({ body }) =>
    judgeStatements(body.policy, (statements) => {
      const open = allowing(statements).find((right) => {
        if (!texts(right.Action).some((action) => matchesAction([action], "iam:PassRole"))) return false;
        const to = texts(blockAt(right.Condition, "StringEquals")["iam:PassedToService"]);
        return to.length === 0 || texts(right.Resource).some((on) => /[*?]/.test(on));
      });
      return open === undefined ? HOLDS : fails(`${sidOf(open)} passes roles to anybody`);
    }),
  maps: { checkov: ["CKV_AWS_286"], owasp: ["MCP02"] },
};

/** Controls of roles that are taken on by others. */
export const personControls: readonly Control[] = [userNamed, userParts, userAlone, passScoped];
