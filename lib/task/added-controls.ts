import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { isBelow, ofOurs, serverOf } from "../checklist/engine";
import { GATEWAY } from "../gateway/contract";
import { opened } from "../terraform/plan";
import { OWN_CONTAINERS } from "./own-containers";
import type { RunRecord } from "./recorded";

const SERVER_NAME = GATEWAY.containers.server;

/** Everything that a server's container says; `logConfiguration` and the rest of it are judged where they are about. */
const FIELDS: readonly string[] = [
  ...["name", "image", "essential", "user", "privileged", "readonlyRootFilesystem", "linuxParameters"],
  ...["ulimits", "dependsOn", "command", "environment", "secrets", "stopTimeout", "logConfiguration"],
];
const OF_LINUX: readonly string[] = ["capabilities", "initProcessEnabled", "tmpfs"];

/** What nobody configured: one container, field, name or folder more. Ours but the server are compared with what they are rendered from. */
function addedTo(containers: readonly Fields[], record: RunRecord): string | undefined {
  const stranger = containers.find(
    ({ name }) => ![...OWN_CONTAINERS, ...Object.keys(record.beside ?? {})].includes(String(name)),
  );
  if (stranger !== undefined) return `its tasks also run ${String(stranger.name)}`;
  const server = containers.find(({ name }) => name === SERVER_NAME) ?? {};
  const field = saysMore(server, FIELDS) ?? saysMore(blockAt(server, "linuxParameters"), OF_LINUX);
  if (field !== undefined) return `the server's container also has ${field}`;
  const variable =
    nameBeside(server.environment, record.environment) ?? nameBeside(server.secrets, record.secrets);
  if (variable !== undefined) return `the server is also told ${variable}`;
  const folder = blocksOf(blockAt(server, "linuxParameters").tmpfs)
    .map(({ containerPath }) => String(containerPath))
    .find((path) => !record.writablePaths.includes(path));
  return folder === undefined ? undefined : `the server may also write to ${folder}`;
}

/** A field that is not known here, and not empty. */
function saysMore(fields: Fields, known: readonly string[]): string | undefined {
  return Object.entries(fields).find(([name, value]) => !known.includes(name) && !isEmpty(value))?.[0];
}

/** What ECS itself writes where nothing is said. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0) || value === 0;
}

function nameBeside(variables: unknown, known: readonly string[]): string | undefined {
  return blocksOf(variables)
    .flatMap(({ name }) => texts(name))
    .find((name) => !known.includes(name));
}

const nothingAdded: Control = {
  id: "task.nothing-added",
  item: 5,
  says: "A server's tasks run its gateway and its server, told what was configured and nothing else",
  why: "One container, variable, name or hook more is code beside the server's: with its secrets, its role and its network, and in nobody's review.",
  on: ["aws_ecs_task_definition"],
  judge: (block, plan) => {
    const entry = serverOf(block, plan);
    if (entry?.runs === undefined) return HOLDS;
    const containers = blocksOf(opened(block.body.container_definitions));
    if (containers.length === 0) return unknown("its containers cannot be read before deployment");
    // What stands beside a server, as an egress proxy does, is compared with what it is rendered from.
    if (!containers.some(({ name }) => name === SERVER_NAME)) return HOLDS;
    const record = entry.runs[isBelow(block.path, `${entry.path}/write`) ? 1 : 0];
    const added = record === undefined ? undefined : addedTo(containers, record);
    return added === undefined ? HOLDS : fails(added);
  },
  maps: { owasp: ["MCP01", "MCP04"] },
};

const thisRevision: Control = ofOurs({
  id: "task.runs-this-revision",
  item: 15,
  says: "A service runs the very revision of its task that stands in the file",
  why: "By its family's name alone it runs the newest one, whoever has registered that.",
  on: ["aws_ecs_service"],
  judge: ({ body }) => {
    const { task_definition: runs } = body;
    const isOne = typeof runs === "string" && /^(\$\{.*\.arn\}|arn:.+:\d+)$/.test(runs);
    if (isOne) return HOLDS;
    return runs === undefined ? fails("it says no task") : fails(`it runs ${String(runs)}`);
  },
  maps: { owasp: ["MCP04"] },
});

/** Controls of what stands in a task beside what was configured. */
export const addedControls: readonly Control[] = [nothingAdded, thisRevision];
