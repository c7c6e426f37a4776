import { blocksOf } from "../../audit/read";
import { opened, type Block, type Plan } from "../plan";
import { describeDestination, waysOut } from "./outward";
import { NetworkGraph } from "./network";
import { couldDo } from "./could";
import { principalOf } from "./policies";
import { rightsOf, type Right } from "./rights";

/** What somebody could do who has taken over a container of a service. */
export interface Blast {
  /** Address of the service. */
  readonly service: string;
  readonly container: string;
  /** Where it could connect to, in words. */
  readonly destinations: readonly string[];
  readonly rights: readonly Right[];
  /** Secrets that lie in its environment, and those that its role may read. */
  readonly secrets: readonly string[];
  /** Log groups that it writes lines of its own choice to, by its output. */
  readonly logs: readonly string[];
}

/**
 * The blast radius of a container: it has the network of its task, its own environment, and the task's role. Another
 * container's environment and the execution role are not within its reach: ECS keeps both outside of it.
 */
export function blastOf(service: Block, container: string, plan: Plan): Blast | undefined {
  const definition = plan.target(service.body.task_definition);
  const containers = blocksOf(opened(definition?.body.container_definitions));
  const own = containers.find(({ name }) => name === container);
  if (definition === undefined || own === undefined) return undefined;
  const graph = NetworkGraph.of(plan);
  const end = graph.end(service.address);
  const role = plan.target(definition.body.task_role_arn);
  return {
    service: service.address,
    container,
    destinations: end ? waysOut(end, graph).map(describeDestination) : ["a network outside of this file"],
    rights: role ? rightsOf(role, plan) : [],
    ...heldBy(own, role, plan),
  };
}

/** What one container of a task with this role holds in its hands, wherever it may connect to. */
export function heldBy(
  container: Readonly<Record<string, unknown>>,
  role: Block | undefined,
  plan: Plan,
): Pick<Blast, "secrets" | "logs"> {
  const injected = blocksOf(container.secrets).map(({ valueFrom }) => secretIn(String(valueFrom), plan));
  return {
    secrets: [...new Set([...injected, ...(role ? readable(role, plan) : [])])].sort(),
    logs: logsOf(container),
  };
}

/** `${aws_secretsmanager_secret.x.arn}:key::` → the secret's address. */
function secretIn(valueFrom: string, plan: Plan): string {
  const reference = /^\$\{[^}]+\}/.exec(valueFrom)?.[0];
  if (reference !== undefined) {
    const named = plan.target(reference);
    const secret =
      named?.type === "aws_secretsmanager_secret_version" ? plan.target(named.body.secret_id) : named;
    return secret?.address ?? reference;
  }
  // In a plan of what exists: the ARN, before the key and the version.
  const arn = valueFrom.split(":").slice(0, 7).join(":");
  return plan.target(arn)?.address ?? arn;
}

function readable(role: Block, plan: Plan): string[] {
  const who = principalOf(role, plan);
  return plan
    .blocks("aws_secretsmanager_secret")
    .filter((secret) => couldDo(who, "secretsmanager:GetSecretValue", secret, plan).could !== "no")
    .map(({ address }) => address);
}

function logsOf(container: Readonly<Record<string, unknown>>): string[] {
  return blocksOf(container.logConfiguration).flatMap(({ options }) => {
    const group = blocksOf(options)[0]?.["awslogs-group"];
    return typeof group === "string" ? [group] : [];
  });
}

/** A right in words: `s3:GetObject on arn:aws:s3:::x/*`. */
export function describeRight({ by, actions, resources, except, when }: Right): string {
  const chain = by.length > 1 ? ` by taking on ${by.slice(1).join(", then ")}` : "";
  const but = except.length === 0 ? "" : ` (but for ${except.join(", ")})`;
  const while_ = when.length === 0 ? "" : `, when ${when.join(" and ")}`;
  return `${actions.join(", ")}${but} on ${resources.join(", ")}${while_}${chain}`;
}
