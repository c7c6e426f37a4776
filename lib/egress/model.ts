import { domainsOf, type DownstreamModel } from "../downstream/model";
import { isForeignService } from "../downstream/private-link-model";
import type { Json } from "../gateway/envoy/types";
import { INTERFACE_SERVICES } from "../network/endpoint-policies";
import type { PostureDefaults } from "../posture";
import type { Image } from "../task/image";
import type { Check } from "../validation";
import { EGRESS, egressName } from "./contract";
import { renderEgress } from "./envoy";

/** The egress proxy of a server. */
export interface EgressModel {
  /** The server's name. */
  readonly server: string;
  readonly domains: readonly string[];
  /** Name of the proxy inside the VPC. */
  readonly host: string;
  /** Private DNS zone of the platform's tasks. */
  readonly namespace: string;
  readonly image: Image;
  readonly architecture: "arm64" | "x86_64";
  readonly tasks: number;
  /** Envoy's configuration. */
  readonly bootstrap: Json;
}

/** What the proxy must know of the platform. */
export interface EgressFacts {
  /** The gateway's image: the proxy is the same Envoy. */
  readonly gateway: { readonly image: Image };
  readonly defaults: Pick<PostureDefaults, "minTasks">;
  /** Whether the network has subnets for proxies. */
  readonly hasEgress: boolean;
}

/** The service whose proxy it is. */
export interface EgressOwner {
  readonly name: string;
  readonly run: {
    readonly architecture: "arm64" | "x86_64";
    readonly env: Readonly<Record<string, string>>;
  };
}

/** Names of variables that lead clients to a proxy; upper and lower case are both in use. */
const PROXY_VARIABLES = /^(?:https?|all)_proxy$/i;

/** Resolves the proxy of a service; nothing where it reaches no public name. `check` stands at the server. */
export function resolveEgress(
  downstream: readonly DownstreamModel[],
  { name: server, run }: EgressOwner,
  check: Check,
  facts: EgressFacts,
  namespace: string,
): EgressModel | undefined {
  const domains = domainsOf(downstream);
  const first = downstream.find(({ kind }) => kind === "domains");
  if (first === undefined) return undefined;
  if (!facts.hasEgress)
    check
      .at("downstream", first.name, "to", "domains")
      .problem(
        "conflict",
        "names what is on the internet, and the network has no way there",
        "set network.egress of the platform, or remove the entry",
      );
  for (const name of Object.keys(run.env).filter((name) => PROXY_VARIABLES.test(name)))
    check
      .at("run", "env", name)
      .problem(
        "conflict",
        "names another proxy than the server's own",
        "remove it: HTTPS_PROXY is set by us",
      );
  return {
    server,
    domains,
    host: `${egressName(server)}.${namespace}`,
    namespace,
    image: facts.gateway.image,
    architecture: run.architecture,
    tasks: facts.defaults.minTasks,
    bootstrap: renderEgress({ server, domains }),
  };
}

/** What lies inside the VPC, by name: called directly, past the proxy, which would refuse it. */
function inside(part: Omit<ProxyUser, "run">, region: string): string[] {
  const services = [
    ...INTERFACE_SERVICES,
    ...part.downstream.flatMap((entry) =>
      entry.kind === "privateLink" && entry.privateDns && !isForeignService(entry.service)
        ? [entry.service.split(".").slice(3).join(".")]
        : [],
    ),
  ];
  return [
    ...(part.egress ? [`.${part.egress.namespace}`] : []),
    ...services.map((service) => `${service.split(".").reverse().join(".")}.${region}.amazonaws.com`),
    `s3.${region}.amazonaws.com`,
    `.s3.${region}.amazonaws.com`,
    // Registries' hosts are `ACCOUNT.dkr.ecr.REGION.amazonaws.com`; endpoints' own names end so.
    `.dkr.ecr.${region}.amazonaws.com`,
    `.vpce.amazonaws.com`,
  ];
}

/** A service that is told of its proxy. */
export interface ProxyUser {
  readonly egress: EgressModel | undefined;
  readonly downstream: readonly DownstreamModel[];
  readonly run: EgressOwner["run"];
}

/**
 * Variables by which HTTP clients find the proxy; none where there is none. Upper and lower case, because libraries
 * disagree; Node's own clients look at them only when told to. There is none for plain HTTP, which the proxy refuses.
 */
export function proxyEnvironment(part: ProxyUser, region: string): Record<string, string> {
  if (part.egress === undefined) return {};
  const address = `http://${part.egress.host}:${EGRESS.port}`;
  const direct = [
    "localhost",
    "127.0.0.1",
    // Metadata and credentials of the task.
    "169.254.169.254",
    "169.254.170.2",
    ...inside(part, region),
    // A server's own additions.
    ...[part.run.env["NO_PROXY"], part.run.env["no_proxy"]].filter((list) => list !== undefined),
  ].join(",");
  return {
    HTTPS_PROXY: address,
    https_proxy: address,
    NO_PROXY: direct,
    no_proxy: direct,
    NODE_USE_ENV_PROXY: "1",
  };
}
