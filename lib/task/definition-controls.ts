import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { judgeSettings, within, type Setting } from "../checklist/settings";
import { proxyOf } from "../egress/read";
import { GATEWAY } from "../gateway/contract";
import { isExpression, opened, type Block } from "../terraform/plan";
import { CONFINED } from "./container-parts";
import { WRITABLE_OPTIONS } from "./containers";
import { isFargatePair } from "./fargate";
import { WRITABLE_MIB } from "./model";
import { isGiven, judgeInside, oneOf } from "./wanted";

const TASK = "aws_ecs_task_definition";

const RUNS: readonly Setting[] = [
  {
    field: "requires_compatibilities",
    is: (value) => Array.isArray(value) && value.length === 1 && value[0] === "FARGATE",
    or: "what Fargate cannot run would be found out at the first start",
  },
  {
    field: "runtime_platform.cpu_architecture",
    is: oneOf("ARM64", "X86_64"),
    or: "images are started on another processor than they are built for",
  },
  {
    field: "runtime_platform.operating_system_family",
    is: "LINUX",
    or: "images are made for Linux",
  },
];

const sized = ofOurs({
  id: "task.sized",
  item: 15,
  says: "A task has a size that Fargate sells, and says for which processor it is",
  why: "ECS refuses it otherwise, or starts images that cannot run: the deployment that should mend something fails.",
  on: [TASK],
  judge: (block, plan) => {
    const runs = judgeSettings(block, plan, RUNS);
    if (runs.holds === false) return runs;
    const { cpu, memory } = block.body;
    if (isExpression(cpu) || isExpression(memory)) return unknown("its size is known only at deployment");
    return isFargatePair(Number(cpu), Number(memory))
      ? runs
      : fails(`Fargate sells no ${String(cpu)} CPU units with ${String(memory)} MiB`);
  },
});

/** The server's container in a task of ours; a finding where there is none. */
function judgeServer(block: Block, judge: (server: Fields) => Finding): Finding {
  const containers = opened(block.body.container_definitions);
  if (containers === undefined) return unknown("its containers cannot be read before deployment");
  if (proxyOf(block)) return HOLDS;
  const [server, ...more] = blocksOf(containers).filter(({ name }) => name === GATEWAY.containers.server);
  if (server === undefined) return fails("the gateway has no server behind it");
  return more.length > 0 ? fails("it has two servers") : judge(server);
}

/** Open files; sockets are files too. */
const FILES = CONFINED.ulimits[0];

const HELD: readonly Setting[] = [
  {
    field: "essential",
    is: oneOf(true, undefined),
    or: "the task goes on without its server, and nothing replaces it",
  },
  {
    field: "linuxParameters.initProcessEnabled",
    is: true,
    or: "children that nobody reaps fill the table of processes",
  },
  {
    field: "stopTimeout",
    is: within(10, 120),
    or: "calls under way are cut off, or ECS refuses the task",
  },
];

const LIMITED: readonly Setting[] = [
  { field: "name", is: FILES.name, or: "the limit of open files is another one than was tested" },
  { field: "softLimit", is: within(1024, FILES.hardLimit), or: "connections would fail, or never end" },
  { field: "hardLimit", is: within(1024, FILES.hardLimit), or: "the server could raise its own limit" },
];

const WRITABLE: readonly Setting[] = [
  { field: "containerPath", is: isGiven, refers: true, or: "ECS refuses a folder without a path" },
  { field: "size", is: within(1, WRITABLE_MIB), or: "a folder would take the memory of both containers" },
];
const serverHeld = ofOurs({
  id: "task.server-held",
  item: 5,
  says: "The server's container ends with its task, reaps its children, and has bounded files and folders",
  why: "What breaks into it could start programs from a folder, or take the memory that the gateway needs.",
  on: [TASK],
  judge: (block, plan) =>
    judgeServer(block, (server) => {
      const limits = blocksOf(server.ulimits);
      if (limits.length === 0) return fails("it has no limit of open files that was tested");
      const folders = blocksOf(blockAt(server, "linuxParameters").tmpfs);
      const open = folders.find(({ mountOptions }) =>
        WRITABLE_OPTIONS.some((one) => !texts(mountOptions).includes(one)),
      );
      if (open !== undefined)
        return fails(
          `${String(open.containerPath)} is not mounted ${WRITABLE_OPTIONS.join(", ")}: programs, devices or rights can come in by it`,
        );
      return first(
        judgeInside(server, block, plan, HELD),
        ...limits.map((limit) => judgeInside(limit, block, plan, LIMITED)),
        ...folders.map((folder) => judgeInside(folder, block, plan, WRITABLE)),
      );
    }),
  maps: { fsbp: ["ECS.5"] },
});

/** The first finding that does not hold, one that fails before one that is unknown. */
function first(...findings: readonly Finding[]): Finding {
  return (
    findings.find(({ holds }) => holds === false) ??
    findings.find(({ holds }) => holds === "unknown") ??
    HOLDS
  );
}

const SPEAKS: readonly Setting[] = [
  {
    field: "logConfiguration.options.awslogs-region",
    is: isGiven,
    refers: true,
    or: "ECS refuses a log without a region",
  },
  {
    field: "logConfiguration.options.awslogs-stream-prefix",
    is: isGiven,
    refers: true,
    or: "Fargate refuses a log whose streams have no name",
  },
  {
    field: "logConfiguration.options.mode",
    is: "non-blocking",
    or: "the server stops when CloudWatch does",
  },
  {
    field: "logConfiguration.options.max-buffer-size",
    is: (value) => typeof value === "string" && /^([1-9]|[1-5]\d)m$/.test(value),
    or: "lines that wait would take memory without a bound of ours, or be dropped at once",
  },
];

const serverSpeaks = ofOurs({
  id: "task.server-speaks",
  item: 10,
  says: "The server's own lines reach its log without ever stopping it",
  why: "A server that waits for CloudWatch is down when CloudWatch is, and one whose log is refused does not start.",
  on: [TASK],
  judge: (block, plan) => judgeServer(block, (server) => judgeInside(server, block, plan, SPEAKS)),
  maps: { fsbp: ["ECS.9"] },
});

/** Controls of what a task definition must say. */
export const definitionControls: readonly Control[] = [sized, serverHeld, serverSpeaks];
