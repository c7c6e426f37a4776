import { blocksOf } from "../audit/read";
import { describeRight, heldBy } from "../terraform/graph/blast";
import { NetworkGraph } from "../terraform/graph/network";
import { describeDestination, waysOut } from "../terraform/graph/outward";
import { tamperTable, type Tampering, type TamperTarget } from "../terraform/graph/tamper";
import { describeWay, evidenceOf, waysInto } from "../terraform/graph/ways";
import { rightsOf } from "../terraform/graph/rights";
import { opened, type Block, type Plan } from "../terraform/plan";
import { credentialsOf, type Credential } from "./credentials";

/** Something open, in words, and the blocks that say so. */
export interface ReportedWay {
  readonly says: string;
  /** Whether it is open whatever the values are that are known only at deployment. */
  readonly sure: boolean;
  /** Addresses of the blocks that let it happen. */
  readonly by: readonly string[];
}

/** What somebody could do who has taken over a container of a service, and how anybody gets there. */
export interface ServiceReach {
  readonly name: string;
  readonly address: string;
  readonly waysIn: readonly ReportedWay[];
  readonly waysOut: readonly ReportedWay[];
  /** What the role of its tasks may do, in words. */
  readonly rights: readonly string[];
  readonly containers: readonly ContainerReach[];
}

/** What is within reach of one container alone. */
export interface ContainerReach {
  readonly container: string;
  /** Secrets in its environment, and those that the role may read. */
  readonly secrets: readonly string[];
  /** Log groups that it writes lines of its own choice to. */
  readonly logs: readonly string[];
}

/** One action of a principal, on all that it could be done to. */
export interface ReportedTampering {
  readonly action: string;
  /** Addresses of the blocks. */
  readonly on: readonly string[];
  /** Only under conditions that are not known, or that somebody may arrange. */
  readonly maybe: boolean;
  readonly despite?: string;
}

/** What a principal could do to what tells of it. */
export interface ReportedTamperRow {
  readonly principal: string;
  readonly could: Readonly<Record<TamperTarget, readonly ReportedTampering[]>>;
}

/** All that can be reached in one stack, and from where. */
export interface StackReach {
  readonly services: readonly ServiceReach[];
  readonly credentials: readonly Credential[];
  readonly tampering: readonly ReportedTamperRow[];
}

/** What is within whose reach, of one stack. Pure. */
export function reachOf(plan: Plan): StackReach {
  return {
    services: plan.blocks("aws_ecs_service").map((service) => serviceReach(service, plan)),
    credentials: credentialsOf(plan),
    tampering: tamperTable(plan).map(({ principal, could }) => ({
      principal: nameAt(principal, plan),
      could: Object.fromEntries(
        Object.entries(could).map(([target, all]) => [target, together(all)]),
      ) as unknown as ReportedTamperRow["could"],
    })),
  };
}

function serviceReach(service: Block, plan: Plan): ServiceReach {
  const graph = NetworkGraph.of(plan);
  const end = graph.end(service.address);
  const definition = plan.target(service.body.task_definition);
  const role = plan.target(definition?.body.task_role_arn);
  const named = (all: readonly string[]) => all.map((one) => nameAt(one, plan));
  return {
    name: nameOf(service),
    address: service.address,
    waysIn: (end ? waysInto(end, graph) : []).map((way) => ({
      says: describeWay(way),
      sure: way.sure,
      by: evidenceOf(way),
    })),
    waysOut: (end ? waysOut(end, graph) : []).map((way) => ({
      says: describeDestination(way),
      sure: way.sure,
      by: way.by,
    })),
    rights: (role ? rightsOf(role, plan) : []).map(describeRight),
    containers: blocksOf(opened(definition?.body.container_definitions)).map((container) => {
      const { secrets, logs } = heldBy(container, role, plan);
      return { container: String(container.name), secrets: named(secrets), logs: named(logs) };
    }),
  };
}

/** The same action on forty blocks is one line with forty addresses. */
function together(all: readonly Tampering[]): ReportedTampering[] {
  const lines = new Map<string, ReportedTampering>();
  for (const { on, ...rest } of all) {
    const key = JSON.stringify(rest);
    lines.set(key, { ...rest, on: [...(lines.get(key)?.on ?? []), on] });
  }
  return [...lines.values()];
}

/** The name that people know of a block that is pointed to; the text as it is where it points to none. */
function nameAt(text: string, plan: Plan): string {
  const block = plan.target(text.startsWith("${") ? text : `\${${text}.id}`);
  return block === undefined ? text : nameOf(block);
}

function nameOf({ body, address }: Block): string {
  return typeof body.name === "string" && !body.name.includes("${") ? body.name : address;
}
