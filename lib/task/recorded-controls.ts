import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { isBelow, serverOf } from "../checklist/engine";
import { GATEWAY } from "../gateway/contract";
import { isExpression, opened } from "../terraform/plan";
import type { RunRecord } from "./recorded";

const told: Control = {
  id: "task.server-told",
  item: 6,
  says: "The server's container has every setting, secret, folder and word of its command that it was configured with",
  why: "A server that is not told its secret, its half or its proxy goes on without, as code does: open, or by another way.",
  on: ["aws_ecs_task_definition"],
  judge: (block, plan) => {
    const entry = serverOf(block, plan);
    const containers = opened(block.body.container_definitions);
    if (containers === undefined) return unknown("its containers cannot be read before deployment");
    const server = blocksOf(containers).find(({ name }) => name === GATEWAY.containers.server);
    if (entry === undefined || server === undefined) return HOLDS;
    const record = entry.runs?.[isBelow(block.path, `${entry.path}/write`) ? 1 : 0];
    return record === undefined
      ? fails("what its server is told is not recorded")
      : judgeTold(server, record);
  },
  maps: { owasp: ["MCP01"] },
};

/** What is told beside the record is judged by others: here nothing may be missing. */
function judgeTold(server: Fields, record: RunRecord): Finding {
  const { environment, secrets, command } = server;
  const folders = blocksOf(blockAt(server, "linuxParameters").tmpfs);
  const missing =
    record.environment.find((name) => !has(environment, name, "value")) ??
    record.secrets.find((name) => !has(secrets, name, "valueFrom")) ??
    record.writablePaths.find((path) => !folders.some(({ containerPath }) => containerPath === path));
  if (missing !== undefined) return fails(`it is not told ${missing}`);
  if (record.command === undefined || isExpression(record.command) || isExpression(command)) return HOLDS;
  const words = texts(command);
  const same =
    words.length === record.command.length &&
    record.command.every((word, at) => isExpression(word) || isExpression(words[at]) || words[at] === word);
  return same ? HOLDS : fails("it is started by another command");
}

/** A variable that has something to hold. */
function has(variables: unknown, name: string, holds: "value" | "valueFrom"): boolean {
  return blocksOf(variables).some((one) => one.name === name && one[holds] !== undefined);
}

/** Controls that compare a server's container with what it was configured with. */
export const recordedControls: readonly Control[] = [told];
