import { givenTo } from "../access/read-policy";
import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { opened, isExpression, type Block, type Plan } from "../terraform/plan";
import { isOfSecrets, mentions } from "./read-function";

const ROLE = "aws_iam_role";

/** What an outsider may do at most. */
const OUTSIDERS_CALLS = ["secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue"];

const outsiderBound: Control = {
  id: "secrets.outsider-bound",
  item: 5,
  says: "Whoever writes a secret from outside is one named principal, says for whom he acts, and may write that one alone",
  why: "A syncing service acts for all its customers: without an external id any of them can make it write here.",
  on: [ROLE],
  judge: (role, plan) => {
    const document = opened(role.body.assume_role_policy);
    if (document === undefined) return unknown("its trust cannot be read before deployment");
    const rights = outsidersRights(role, document, plan);
    if (rights.length === 0) return HOLDS;
    const outsiders = outsidersOf(document);
    return judgeTrusts(outsiders) ?? judgeRights(rights);
  },
};

/** Trusts in people and software, not in a service. */
function outsidersOf(document: unknown): readonly Fields[] {
  return blocksOf(blockAt(document).Statement).filter(
    (trust) => trust.Effect === "Allow" && texts(blockAt(trust.Principal).AWS).length > 0,
  );
}

/** Rights on secrets of a role that somebody from outside takes on to write; none where nobody does. */
function outsidersRights(role: Block, document: unknown, plan: Plan): readonly Fields[] {
  const rights = givenTo(role, plan).filter(isOfSecrets);
  return outsidersOf(document).length > 0 && rights.some(writes) ? rights : [];
}

function writes({ Action }: Fields): boolean {
  return texts(Action).some((action) => /^(\*|secretsmanager:(\*|Put.*|Update.*))$/.test(action));
}

function judgeTrusts(trusts: readonly Fields[]): Finding | undefined {
  for (const trust of trusts) {
    const broad = texts(blockAt(trust.Principal).AWS).find(
      (arn) => !isExpression(arn) && !/:(role|user)\/[^*]+$/.test(arn),
    );
    if (broad !== undefined) return fails(`it trusts ${broad}`);
    const ids = texts(blockAt(trust.Condition, "StringEquals")["sts:ExternalId"]);
    if (ids.length !== 1 || ids[0] === "") return fails("it asks for no external id");
  }
  return undefined;
}

function judgeRights(rights: readonly Fields[]): Finding {
  const call = rights.flatMap(({ Action }) => texts(Action)).find((each) => !OUTSIDERS_CALLS.includes(each));
  if (call !== undefined) return fails(`it may also ${call}`);
  const secrets = new Set(rights.flatMap(({ Resource }) => texts(Resource)));
  const [secret] = secrets;
  return secrets.size === 1 && secret !== undefined && !secret.includes("*")
    ? HOLDS
    : fails("it may write more than one secret");
}

const outsiderWatched: Control = {
  id: "secrets.outsider-watched",
  item: 13,
  says: "A secret that is written from outside is looked at, so that its writer's silence is noticed",
  why: "Nothing of ours fails when somebody else stops: the last value goes on working, and ageing.",
  on: [ROLE],
  judge: (role, plan) => {
    const document = opened(role.body.assume_role_policy);
    if (document === undefined) return unknown("its trust cannot be read before deployment");
    const rights = outsidersRights(role, document, plan);
    const machines = plan.blocks("aws_sfn_state_machine").map(({ body }) => body.definition);
    const unseen = rights
      .flatMap(({ Resource }) => texts(Resource))
      .find((arn) => !machines.some((machine) => mentions(machine, arn) && looksAtAge(machine)));
    return unseen === undefined ? HOLDS : fails(`nothing watches the age of ${unseen}`);
  },
};

function looksAtAge(definition: unknown): boolean {
  return String(definition).includes(":secretsmanager:listSecretVersionIds");
}

/** Controls of who writes secrets from outside. */
export const outsiderControls: readonly Control[] = [outsiderBound, outsiderWatched];
