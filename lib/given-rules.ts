import type { PlatformConfig } from "./config";
import type { IngressLogsConfig } from "./ingress/config";
import type { EdgeModel } from "./edge/model";
import type { NetworkModel } from "./network/model";
import type { Check } from "./validation";

/** What is known of the parts that something given is held against. */
interface Facts {
  readonly network: NetworkModel;
  readonly edge: EdgeModel;
}

/** Rules between what is given and everything else. `check` stands at the platform. */
export function checkGiven(config: PlatformConfig, check: Check, facts: Facts): void {
  checkHomes(config, check, facts.network);
  checkReaders(config, check);
  if (config.ingress?.loadBalancer?.kind === "existing") checkAroundBalancer(config, check, facts);
  if (config.waf?.webAcl?.kind === "existing" && config.alarms?.expectedCountries !== undefined)
    check
      .at("alarms", "expectedCountries")
      .problem(
        "conflict",
        "is counted by a rule of ours, and the web ACL is there already",
        "leave it out: its owner counts countries",
      );
}

/** The account of a bucket that is there is asked for its policy, and for nothing else. */
function checkReaders({ audit, ingress, providers }: PlatformConfig, check: Check): void {
  const archive = audit?.archive?.bucket;
  const at = check.at("providers");
  if (providers?.archive !== undefined && archive?.kind === "existing" && archive.read === "never")
    at.at("archive").problem(
      "conflict",
      'is for reading a bucket that audit.archive.bucket.read says is "never" read',
      "leave one of them out",
    );
  const logs = (ingress?.logs as IngressLogsConfig | undefined)?.bucket;
  if (providers?.logs !== undefined && (logs?.kind !== "existing" || logs.read === "never"))
    at.at("logs").problem(
      "conflict",
      "is for reading a bucket of logs that is there, and none is read",
      "leave it out, or name the bucket in ingress.logs.bucket",
    );
}

/** A load balancer that is there stands in a VPC, lets in whom its owner wants, and may serve other hosts. */
function checkAroundBalancer(config: PlatformConfig, check: Check, { network, edge }: Facts): void {
  if (network.kind === "new")
    check
      .at("ingress", "loadBalancer", "kind")
      .problem(
        "conflict",
        'is "existing", and the network is new: a load balancer reaches tasks in its own VPC',
        'give the network too, with kind "existing", or leave this out',
      );
  if (edge.reach.kind !== "internet" && edge.reach.cidrs.length > 0)
    check
      .at("edge", "reach", "cidrs")
      .problem(
        "conflict",
        "names blocks, and the load balancer is there already, with groups that decide who may connect",
        'leave them to its owner: say reach: { kind: "internet" } or { kind: "internal" }',
      );
  if (config.waf?.webAcl === undefined)
    check
      .at("waf", "webAcl")
      .problem(
        "required",
        "is missing, and the load balancer is there already",
        'name the one before it, { kind: "existing", … }, or say { kind: "new" } where it serves nothing but these servers: our rules refuse every other host and path',
      );
}

const HOME = /^arn:[a-z-]+:[a-z0-9-]+:([a-z0-9-]*):(\d{12}):/;

/** Everything given lies in one account and region: that of the first whose ARN is known, and of a new network's zones. */
function checkHomes(
  { ingress, waf, edge, cluster, keys, iam, audit }: PlatformConfig,
  check: Check,
  network: NetworkModel,
) {
  const balancer = ingress?.loadBalancer?.kind === "existing" ? ingress.loadBalancer : undefined;
  const certificate = edge?.certificate?.kind === "existing" ? edge.certificate : undefined;
  const own = keys?.kind === "existing" ? keys : undefined;
  const archive = audit?.archive?.bucket?.kind === "existing" ? audit.archive.bucket : undefined;
  const given: [Check, unknown, "elsewhere"?][] = [
    [check.at("ingress", "loadBalancer", "arn"), balancer?.arn],
    [check.at("waf", "webAcl", "arn"), waf?.webAcl?.kind === "existing" ? waf.webAcl.arn : undefined],
    [check.at("edge", "certificate", "arn"), certificate?.arn],
    [check.at("cluster", "arn"), cluster?.kind === "existing" ? cluster.arn : undefined],
    [check.at("keys", "secretsKeyArn"), own?.secretsKeyArn],
    [check.at("keys", "auditKeyArn"), own?.auditKeyArn],
    [check.at("keys", "alarmsKeyArn"), own?.alarmsKeyArn],
    [check.at("iam", "boundaryArn"), iam?.boundaryArn],
    // Of an account for logs, if its owner likes.
    [check.at("audit", "archive", "bucket", "keyArn"), archive?.keyArn, "elsewhere"],
  ];
  let region =
    network.kind === "new" && network.region !== "" ? { is: network.region, of: "the network" } : undefined;
  let account: { is: string; of: string } | undefined;
  for (const [at, arn, elsewhere] of given) {
    const home = typeof arn === "string" && !at.isToken(arn) ? HOME.exec(arn) : null;
    if (home === null) continue;
    const [, inRegion = "", ofAccount = ""] = home;
    if (inRegion !== "") {
      if (region === undefined) region = { is: inRegion, of: at.path };
      else if (region.is !== inRegion)
        at.problem(
          "conflict",
          `is in ${inRegion}, ${region.of} in ${region.is}`,
          "use one of the same region",
        );
    }
    if (elsewhere !== undefined) continue;
    if (account === undefined) account = { is: ofAccount, of: at.path };
    else if (account.is !== ofAccount)
      at.problem(
        "conflict",
        `is of account ${ofAccount}, ${account.of} of ${account.is}`,
        "use one of the same account",
      );
  }
}
