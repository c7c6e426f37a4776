import type { ServerConfig } from "../config";
import { MAX_DOMAINS, resolveDomains } from "../egress/domains";
import type { Peer } from "../network/connection";
import { NAME, type Check, type Fields } from "../validation";
import type { HalfOrBoth } from "../policy/halves";
import type { DownstreamConfig, DownstreamTarget } from "./config";
import { resolvePeer } from "./peer";
import { resolvePrivateLink, type PrivateLinkModel } from "./private-link-model";

/** One thing that a server may reach, and the way that leads there. */
export type DownstreamModel = PeerModel | PrivateLinkModel | DomainsModel;

/** Something that there is a route to. */
export interface PeerModel {
  readonly kind: "peer";
  readonly name: string;
  readonly port: number;
  readonly because: string;
  readonly to: Peer;
}

/** Public names, through the egress proxy. */
export interface DomainsModel {
  readonly kind: "domains";
  readonly name: string;
  readonly port: number;
  readonly because: string;
  readonly domains: readonly string[];
}

const KINDS = "securityGroup, cidr, prefixList, privateLink, domains";
const TARGETS = {
  securityGroup: true,
  cidr: true,
  prefixList: true,
  privateLink: true,
  domains: true,
} as const;

/** Resolves what a server may reach beside its clients. @param of whose each entry is, in a split server */
export function resolveDownstream(
  config: ServerConfig["downstream"],
  check: Check,
  of: Readonly<Record<string, HalfOrBoth>> = {},
): DownstreamModel[] {
  const model: DownstreamModel[] = [];
  const taken = new Map<string, string>();
  for (const [name, entry, at] of check.entries(config, NAME)) {
    at.object(entry, { to: true, port: true, because: true } satisfies Fields<DownstreamConfig>);
    at.at("port").integer(entry?.port, { min: 1, max: 65535 });
    at.at("because").text(entry?.because, { min: 8, max: 200, fix: "say why, for the reader of the rule" });
    const to = oneTarget(entry?.to, at.at("to"));
    if (to === undefined) continue;
    const way = { name, port: entry.port, because: entry.because };
    const refuseTwice = (what: unknown, says: string, fix = "keep one of them") => {
      const key = JSON.stringify(what);
      const other = taken.get(key);
      if (other !== undefined) at.problem("duplicate", says.replace("%", other), fix);
      taken.set(key, name);
    };
    if ("privateLink" in to) {
      const link = resolvePrivateLink(to.privateLink, at.at("to", "privateLink"));
      if (!link) continue;
      // The halves of a split server have an endpoint each, of which one answers to the service's own name.
      refuseTwice([link.service, of[name]], "is the service of %, whose endpoint serves both");
      if (of[name] !== undefined && link.privateDns)
        refuseTwice(
          ["name of", link.service],
          "takes the service's own name in the VPC, as % does",
          "set privateDns: false for one of them, and env to be told its name",
        );
      model.push({ kind: "privateLink", ...way, ...link });
    } else if ("domains" in to) {
      if (at.at("port").literal(entry.port) && entry.port !== 443)
        at.at("port").problem(
          "unsafe",
          `is ${at.show(entry.port)}, expected 443: the egress proxy lets nothing but TLS on 443 through`,
          "use 443",
        );
      const domains = resolveDomains(to.domains, at.at("to", "domains"));
      for (const domain of domains) refuseTwice(domain, `names ${domain}, as % does`);
      model.push({ kind: "domains", ...way, domains });
    } else {
      const peer = resolvePeer(to, at.at("to"));
      if (!peer) continue;
      refuseTwice([peer, entry.port], "opens what % opens, and AWS refuses a second rule");
      model.push({ kind: "peer", ...way, to: peer });
    }
  }
  const names = domainsOf(model).length;
  if (names > MAX_DOMAINS)
    check.problem(
      "over-budget",
      `names ${names} domains in all, expected at most ${MAX_DOMAINS}`,
      "remove some",
    );
  return model;
}

/** One variable, one meaning: an endpoint's name goes into none that something else sets. `check` stands at `downstream`. */
export function checkVariables(
  slice: readonly DownstreamModel[],
  taken: ReadonlySet<string>,
  check: Check,
): void {
  const seen = new Set([...taken, "PORT"]);
  for (const entry of slice) {
    if (entry.kind !== "privateLink" || entry.env === undefined) continue;
    if (seen.has(entry.env) || /^(?:HMCP|AWS)_|^(?:HTTPS?|NO|ALL)_PROXY$/.test(entry.env))
      check
        .at(entry.name, "to", "privateLink", "env")
        .problem(
          "duplicate",
          `is ${check.show(entry.env)}, which something else sets`,
          "choose another name",
        );
    seen.add(entry.env);
  }
}

/** Every public name that a server may reach, sorted. */
export function domainsOf(slice: readonly DownstreamModel[]): string[] {
  return slice.flatMap((entry) => (entry.kind === "domains" ? entry.domains : [])).sort();
}

/** Exactly one way to name the other end. */
function oneTarget(to: DownstreamTarget | undefined, check: Check): DownstreamTarget | undefined {
  if (!check.present(to, `name the other end: { ${KINDS.replace(/, /g, " } or { ")} }`) || to === undefined)
    return undefined;
  if (typeof to !== "object" || to === null || Object.keys(to).length !== 1) {
    check.problem("conflict", "names no end or several", `give one of ${KINDS}`);
    return undefined;
  }
  const known = check.problems.length;
  check.object(to, TARGETS);
  return check.problems.length === known ? to : undefined;
}
