import type { PolicyDocument } from "../policy/document";
import { halfPolicy, type Half } from "../policy/halves";
import { digestVariable } from "./contract";
import { storedText, type StoredText } from "../policy-store/model";
import type { Image } from "../task/image";
import { gatewayContainer } from "./container";
import { renderGateway, withKeysHost, type RenderedGateway, type RenderFacts } from "./envoy";
import { GATEWAY_DEFAULTS, type GatewayModel } from "./model";

/** What a gateway was rendered from beside its server's policy, for whoever judges the written file. */
export interface GatewayRecord extends RenderFacts {
  /** Which half of a split server it lets through; absent = the whole server. */
  readonly half?: Half;
  /** Tasks at most: limits are shared among so many. */
  readonly maxTasks: number;
  readonly cpuUnits: number;
  readonly memoryMib: number;
  readonly requestsPerSecond: number;
}

/** Writes down what a gateway is rendered from. `policy` is its own: of a split server the half's. */
export function recordGateway(
  { half, maxTasks }: Pick<PolicyDocument, "half" | "maxTasks">,
  { cpuUnits, memoryMib, requestsPerSecond }: GatewayModel,
  facts: RenderFacts,
): GatewayRecord {
  return { ...(half && { half }), maxTasks, cpuUnits, memoryMib, requestsPerSecond, ...facts };
}

/** The policy of one gateway, out of its whole server's. */
export function policyOfGateway(policy: PolicyDocument, { half, maxTasks }: GatewayRecord): PolicyDocument {
  if (half !== undefined) return { ...halfPolicy(policy, half), maxTasks };
  const { split: _split, ...whole } = policy;
  return { ...whole, maxTasks };
}

const rendered = new WeakMap<PolicyDocument, Map<string, RenderedGateway>>();

/** Renders a recorded gateway again. Once for a policy: several controls ask, at every block. */
export function renderRecorded(policy: PolicyDocument, record: GatewayRecord): RenderedGateway {
  const known = rendered.get(policy) ?? new Map<string, RenderedGateway>();
  rendered.set(policy, known);
  const key = JSON.stringify(record);
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = renderGateway(policyOfGateway(policy, record), modelOf(record), record);
  known.set(key, made);
  return made;
}

function modelOf({ cpuUnits, memoryMib, requestsPerSecond }: GatewayRecord): GatewayModel {
  return { ...GATEWAY_DEFAULTS, image: "" as Image, cpuUnits, memoryMib, requestsPerSecond };
}

/** What of a written container is not decided by policy and record. */
export interface GivenToGateway {
  readonly image: string;
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  /** Host of the bucket with mirrored keys, where there is one. */
  readonly keysHost: string | undefined;
  readonly logGroupName: string;
  readonly region: string;
  /** Variables that stand in it as plain text. */
  readonly variables: readonly string[];
}

/** The container as it is made from policy and record: what should stand in the file, given the rest of the file. */
export function expectedContainer(
  policy: PolicyDocument,
  record: GatewayRecord,
  given: GivenToGateway,
): Readonly<Record<string, unknown>> {
  const plain = renderRecorded(policy, record);
  const ids: readonly StoredText["id"][] = ["policy", "program"];
  return gatewayContainer({
    gateway: { ...modelOf(record), image: given.image as Image },
    rendered: given.keysHost === undefined ? plain : withKeysHost(plain, given.keysHost),
    stored: ids
      .map((id) => storedText(id, plain))
      .filter(({ variable }) => given.variables.includes(digestVariable(variable))),
    secrets: given.secrets,
    logGroupName: given.logGroupName,
    region: given.region,
  });
}
