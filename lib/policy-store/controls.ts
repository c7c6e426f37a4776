import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { digestVariable, GATEWAY, pieceVariable } from "../gateway/contract";
import { data, list } from "../gateway/read";
import { opened, type Plan } from "../terraform/plan";
import { OUR_ROLES_TAG, STORE_WRITES } from "./contract";
import { digestOf } from "./model";
import { isPolicyStore, storedVariables, type StoredVariable } from "./read";

const SECRET = "aws_secretsmanager_secret";
const TASK = "aws_ecs_task_definition";

const pinned: Control = {
  id: "gateway.stored-pinned",
  item: 8,
  says: "What a gateway gets from a store is named by version, and its digest stands in the task definition",
  why: "Otherwise a task that starts next week, or after a rollback, runs with a policy that nobody reviewed with it.",
  on: [TASK],
  judge: ({ body }, plan) => {
    const containers = list(opened(body.container_definitions)).map(data);
    const gateway = containers.find(({ name }) => name === GATEWAY.containers.gateway);
    const wrong =
      gateway && [GATEWAY.env.policy, GATEWAY.env.program].flatMap((name) => judgeText(name, gateway, plan));
    return wrong?.[0] === undefined ? HOLDS : fails(wrong[0]);
  },
  maps: { owasp: ["MCP04"] },
};

/** What is wrong with one text of a gateway, or nothing. */
function judgeText(variable: string, gateway: Record<string, unknown>, plan: Plan): string[] {
  const named = list(gateway.secrets).map((one) => String(data(one).name));
  const pieces = named.filter((name) => name === variable || isPieceOf(variable, name));
  const plain = new Map(
    list(gateway.environment).map((one) => [String(data(one).name), data(one).value] as const),
  );
  if (pieces.length === 0)
    return [...plain.keys()].some((name) => isPieceOf(variable, name)) ? [`${variable} comes in pieces`] : [];
  const loose = pieces.find((name) => plain.has(name));
  if (loose !== undefined) return [`${loose} stands in it twice`];
  const expected = pieces.map((_name, index) => pieceVariable(variable, index + 1));
  if (expected.some((name) => !pieces.includes(name))) return [`a piece of ${variable} is missing`];
  const digest = plain.get(digestVariable(variable));
  if (typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest)) return [`${variable} has no digest`];
  const stored = new Map(storedVariables(gateway, plan).map((one) => [one.name, one]));
  const open = expected.find((name) => !stored.has(name));
  if (open !== undefined) return [`${open} is not pinned to a version of this file`];
  const whole = expected.map((name) => (stored.get(name) as StoredVariable).value);
  if (whole.includes(undefined)) return [`${variable} is known only at deployment`];
  return digestOf(whole.join("")) === digest ? [] : [`${variable} is another text than its digest says`];
}

function isPieceOf(variable: string, name: string): boolean {
  return name.startsWith(`${variable}_`) && /^\d+$/.test(name.slice(variable.length + 1));
}

const closed: Control = {
  id: "gateway.store-closed",
  item: 6,
  says: "No role of a deployment can change what a gateway's store holds, and the store can never be public",
  why: "Who deletes or replaces a gateway's policy keeps the next task from starting.",
  on: [SECRET],
  judge: (secret, plan) => {
    if (!isPolicyStore(secret, plan)) return HOLDS;
    const [policy] = plan.referring(secret, "aws_secretsmanager_secret_policy", "secret_arn");
    if (!policy) return fails("it has no policy of its own");
    if (policy.body.block_public_policy !== true) return fails("its policy may become public");
    const document = opened(policy.body.policy);
    if (document === undefined) return unknown("its policy cannot be read before deployment");
    const denied = blocksOf(blockAt(document).Statement)
      .filter(({ Effect, Principal }) => Effect === "Deny" && Principal === "*")
      .filter(({ Condition }) => {
        const conditions = blockAt(Condition);
        return Object.keys(conditions).length === 1 && blockAt(conditions, "Null")[OUR_ROLES_TAG] === "false";
      })
      .flatMap(({ Action }) => texts(Action));
    const open = STORE_WRITES.find((call) => !denied.includes(call) && !denied.includes("secretsmanager:*"));
    return open === undefined ? HOLDS : fails(`its policy does not deny ${open} to roles of ours`);
  },
  maps: { owasp: ["MCP04"] },
};

const VERSION = "aws_secretsmanager_secret_version";

const replaced: Control = {
  id: "gateway.store-replaceable",
  item: 8,
  says: "A new version of what a gateway gets from a store is there before the old one is let go, and the store's name is free again with the store",
  why: "In between no task could start; a name that stays taken for a month keeps the same server from being deployed again.",
  on: [SECRET, VERSION],
  judge: (block, plan) => {
    if (block.type === SECRET) {
      if (!isPolicyStore(block, plan)) return HOLDS;
      const { recovery_window_in_days: days } = block.body;
      // It is no secret, and made again out of the configuration.
      return days === 0 ? HOLDS : fails(`its name stays taken for ${String(days ?? 30)} days`);
    }
    const secret = plan.target(block.body.secret_id);
    if (secret === undefined || !isPolicyStore(secret, plan)) return HOLDS;
    return blockAt(block.body, "lifecycle").create_before_destroy === true
      ? HOLDS
      : fails("the old one goes before the new one is there");
  },
};

/** Controls of what gateways get from a store. */
export const policyStoreControls: readonly Control[] = [pinned, closed, replaced];
