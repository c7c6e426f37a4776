import { policiesRead } from "../audit/given-controls";
import { blockAt, texts } from "../audit/read";
import { serverOf } from "../checklist/engine";
import { names, waitsFor, within, type SettingsOf } from "../checklist/settings";
import { GATEWAY } from "../gateway/contract";
import { isStream } from "../policy/methods";
import type { Block, Plan } from "../terraform/plan";

/** Until a target that fails is left out, seconds at most: interval times failures. */
const SLOWEST_NOTICE_SECONDS = 60;
/** How much longer than its longest call a task that leaves may be kept, seconds. */
const DRAIN_MARGIN_SECONDS = 60;

const logsWait = waitsFor(
  "aws_s3_bucket_policy",
  "aws_s3_bucket_ownership_controls",
  "aws_s3_bucket_server_side_encryption_configuration",
);

/** Whether a load balancer waits for the bucket that it logs to: for how it is made, or for how it is read. */
const logsReady = (value: unknown, block: Block, plan: Plan): boolean => {
  const { access_logs: logs } = block.body;
  const bucket = plan.target(blockAt(logs).bucket);
  if (bucket?.mode === "data")
    return policiesRead(bucket, plan).some(({ address }) => texts(value).includes(address));
  // Of one that somebody else has made there is nothing to wait for.
  return logs === undefined || bucket === undefined || logsWait(value, block, plan);
};

/** Whether health checks notice a failure in time; AWS's own numbers where none is set. */
const noticesInTime = (_value: unknown, { body }: Block) => {
  const { interval = 30, unhealthy_threshold: failures = 3 } = (body.health_check ?? {}) as {
    interval?: unknown;
    unhealthy_threshold?: unknown;
  };
  return Number(interval) >= 5 && Number(interval) * Number(failures) <= SLOWEST_NOTICE_SECONDS;
};

/** Whether a task that leaves is kept for its server's longest call, and not much longer. */
const drains = (value: unknown, block: Block, plan: Plan) => {
  const seconds = Number(value ?? Number.NaN);
  const policy = serverOf(block, plan)?.policy;
  // A stream is over when its task leaves, and is opened again: nobody waits for its end.
  const answering = Object.entries(policy?.openedMethods ?? {}).filter(([name]) => !isStream(name));
  const times = [...Object.values(policy?.tools ?? {}), ...answering.map(([, method]) => method)].map(
    (one) => ("timeoutSeconds" in one ? one.timeoutSeconds : undefined),
  );
  const known = times.filter((time) => typeof time === "number");
  const longest = Math.max(0, ...known);
  if (!(seconds >= Math.min(3600, longest))) return false;
  // Where a time is known only at deployment, so is how long is too long.
  return known.length < times.length || seconds <= longest + DRAIN_MARGIN_SECONDS;
};

/** What a load balancer and its targets say, and what AWS would do by itself. */
export const INGRESS_SETTINGS: SettingsOf = {
  aws_lb: [
    {
      field: "load_balancer_type",
      // AWS's default.
      is: (value) => value === undefined || value === "application",
      or: "another kind neither terminates TLS nor stands behind the firewall",
    },
    {
      field: "enable_http2",
      // On by default.
      is: (value) => value === undefined || value === true,
      or: "each open stream takes a connection of its own, and browsers allow six",
    },
    {
      field: "preserve_host_header",
      is: true,
      or: "the gateway judges a host that was rewritten, not the one that the client named",
    },
    {
      field: "enable_zonal_shift",
      is: true,
      or: "a zone that fails by half cannot be taken out, and keeps its share of the calls",
    },
    {
      field: "idle_timeout",
      is: within(1, 4000),
      or: "AWS cuts a call after 60 seconds without a byte, whatever its tool's time is",
    },
    {
      field: "client_keep_alive",
      is: within(60, 604_800),
      or: "nothing says how long a client holds on to a connection",
    },
    {
      field: "depends_on",
      is: logsReady,
      refers: true,
      or: "AWS tries the log bucket at once, and refuses a load balancer that may not write there yet",
    },
  ],
  aws_lb_target_group: [
    {
      field: "target_type",
      is: "ip",
      or: "tasks with an address of their own cannot be listed, and nobody is reached",
    },
    { field: "vpc_id", is: names, refers: true, or: "it belongs to no network" },
    {
      field: "protocol_version",
      is: "HTTP2",
      or: "streams take a connection each, and headers are written anew in another protocol",
    },
    {
      field: "load_balancing_algorithm_type",
      is: "least_outstanding_requests",
      or: "taking turns piles long calls up on one task",
    },
    {
      field: "deregistration_delay",
      is: drains,
      or: "calls on a task that leaves are cut, or it answers by its old rules for longer than they need",
    },
    {
      field: "lifecycle.create_before_destroy",
      is: true,
      or: "a change that makes it anew fails half-way: AWS deletes none that a rule still uses",
    },
    {
      field: "health_check.enabled",
      // On by default.
      is: (value) => value === undefined || value === true,
      or: "a task that hangs goes on getting calls",
    },
    {
      field: "health_check.path",
      is: GATEWAY.healthPath,
      or: "any other path is refused by the gateway, and a task never counts as healthy",
    },
    {
      field: "health_check.port",
      // The port of the targets by default.
      is: (value) => value === undefined || value === "traffic-port",
      or: "it asks a port that nothing listens on",
    },
    {
      field: "health_check.matcher",
      is: "200",
      or: "a gateway that refuses or fails would count as healthy",
    },
    {
      field: "health_check.healthy_threshold",
      // AWS's default of 3 is a check later; the least that AWS takes is 2.
      is: (value) => value === undefined || within(2, 10)(value),
      or: "AWS takes 2 to 10",
    },
    {
      field: "health_check.unhealthy_threshold",
      is: (value) => value === undefined || within(2, 10)(value),
      or: "AWS takes 2 to 10",
    },
    {
      field: "health_check.interval",
      is: noticesInTime,
      or: `a task that hangs gets calls for more than ${SLOWEST_NOTICE_SECONDS} seconds`,
    },
    {
      field: "health_check.timeout",
      // 5 seconds by default.
      is: (value, { body }) => {
        const { interval } = (body.health_check ?? {}) as { interval?: unknown };
        return value === undefined || Number(value) < Number(interval);
      },
      or: "AWS takes no answer that may come after the next question",
    },
  ],
  aws_lb_trust_store: [
    {
      field: "ca_certificates_bundle_s3_object_version",
      is: (value) => texts(value).join("") !== "",
      refers: true,
      or: "whoever writes to its bucket adds an authority at the next deployment",
    },
    {
      field: "name",
      is: (value) => texts(value).join("") !== "",
      refers: true,
      or: "Terraform makes up another one at each replacement",
    },
  ],
  aws_lb_trust_store_revocation: [
    {
      field: "revocations_s3_object_version",
      is: (value) => texts(value).join("") !== "",
      refers: true,
      or: "whoever writes to its bucket takes a revocation back at the next deployment",
    },
  ],
  aws_lb_listener: [
    {
      field: "certificate_arn",
      is: (value) => texts(value).length > 0,
      refers: true,
      or: "there is nothing to prove the host's name with",
    },
  ],
};
