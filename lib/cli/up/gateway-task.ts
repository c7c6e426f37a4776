import { readPolicies } from "../../checklist/manifest";
import { digestVariable, GATEWAY } from "../../gateway/contract";
import { gatewayVariables, storedVariables } from "../../policy-store/read";
import { halfName } from "../../policy/halves";
import { embedded, type Block, type Plan } from "../../terraform/plan";
import { CliError } from "../io";
import { fields, list, text, type Fields } from "./json";

/** What the gateway of one server is started with, as it stands in a task definition. */
export interface GatewayTask {
  /** The server's name. */
  readonly server: string;
  /** Address of the task definition. */
  readonly address: string;
  /** Envoy's configuration, from behind `--config-yaml`. */
  readonly bootstrap: Fields;
  /** What else stands on Envoy's command line. */
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that are filled from secrets. */
  readonly secrets: readonly string[];
}

const CONFIG = "--config-yaml";

/** The gateways in a file, in its order. */
export function gatewayTasks(plan: Plan): GatewayTask[] {
  const names = new Map(
    [...readPolicies(plan.source).values()].map(({ resource, server }) => [resource, server]),
  );
  return plan.blocks("aws_ecs_task_definition").flatMap((block) => {
    const container = list(embedded(block.body.container_definitions))
      .map(fields)
      .find(({ name }) => name === GATEWAY.containers.gateway);
    return container === undefined ? [] : [readTask(block, container, names, plan)];
  });
}

/** The task of the server of this name, or the only one. @throws CliError (2) that lists them */
export function chooseTask(
  tasks: readonly GatewayTask[],
  server: string | undefined,
  file: string,
): GatewayTask {
  const names = tasks.map((task) => task.server).join(", ");
  if (tasks.length === 0) throw new CliError(`${file} holds no task definition with a gateway`);
  const chosen = server === undefined ? tasks : tasks.filter((task) => task.server === server);
  const [task] = chosen;
  if (task !== undefined && chosen.length === 1) return task;
  if (server === undefined)
    throw new CliError(`${file} holds several servers, choose one with --server: ${names}`);
  throw new CliError(`there is no server ${JSON.stringify(server)} in ${file}; there are ${names}`);
}

function readTask(
  block: Block,
  container: Fields,
  names: ReadonlyMap<string, string>,
  plan: Plan,
): GatewayTask {
  const command = list(container.command).map(text);
  const at = command.indexOf(CONFIG);
  const bootstrap = at === -1 ? undefined : parse(command[at + 1]);
  // What a store holds stands in the file, too: whole, so that it needs neither pieces nor a digest here.
  const { [digestVariable(GATEWAY.env.policy)]: _policy, ...variables } = gatewayVariables(container, plan);
  const { [digestVariable(GATEWAY.env.program)]: _program, ...environment } = variables;
  const stored = new Set(storedVariables(container, plan).map(({ name }) => name));
  const policy = fields(parse(environment[GATEWAY.env.policy]));
  if (bootstrap === undefined || typeof policy.resource !== "string") {
    throw new CliError(
      `${block.address} has a gateway without its configuration behind ${CONFIG} or its policy in ${GATEWAY.env.policy}`,
    );
  }
  return {
    server: nameOf(policy, names) ?? text(block.body.family ?? block.name),
    address: block.address,
    bootstrap: fields(bootstrap),
    arguments: command.filter((_, index) => index !== at && index !== at + 1),
    environment,
    secrets: list(container.secrets)
      .map((secret) => text(fields(secret).name))
      .filter((name) => !stored.has(name)),
  };
}

/** The server's name; that of its half where there are two. */
function nameOf(policy: Fields, names: ReadonlyMap<string, string>): string | undefined {
  const name = names.get(text(policy.resource));
  return name !== undefined && policy.half === "write" ? halfName(name, "write") : name;
}

function parse(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}
