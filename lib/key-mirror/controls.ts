import { givenTo } from "../access/read-policy";
import { rings } from "../alarms/rings";
import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { data, judgeGateway, list, type WrittenGateway } from "../gateway/read";
import { FILTERS } from "../gateway/envoy/types";
import { MIRROR_ENV, MIRROR_OBJECT } from "../runtime/mirror-env";
import { opened, isExpression, type Block, type Plan } from "../terraform/plan";

type Fields = Readonly<Record<string, unknown>>;
const TASK = "aws_ecs_task_definition";
const FUNCTION = "aws_lambda_function";

/** Where a gateway reads an issuer's keys that are not in its file. */
function remotesOf(gateway: WrittenGateway): Fields[] {
  const jwt = gateway.filters.find(({ name }) => name === FILTERS.jwt)?.config;
  return Object.values(data(jwt?.providers))
    .map((provider) => data(provider).remote_jwks)
    .filter((remote) => remote !== undefined)
    .map(data);
}

const uriOf = (remote: Fields) => String(data(remote.http_uri).uri);
const hostOf = (remote: Fields) => /^https:\/\/(\$\{[^}]*\}|[^/]+)\//.exec(uriOf(remote))?.[1];

const sourceChecked: Control = {
  id: "key-mirror.source-checked",
  item: 2,
  says: "A gateway that reads an issuer's keys checks whose they are, and keeps them while nobody answers",
  why: "Whoever stands in for the bucket would sign tokens of his own; without the last set one outage refuses everybody.",
  on: [TASK],
  judge: (task, plan) =>
    judgeGateway(
      task,
      (gateway) => {
        for (const remote of remotesOf(gateway)) {
          const wrong = checkSource(remote, gateway);
          if (wrong !== undefined) return wrong;
        }
        return undefined;
      },
      plan,
    ),
  maps: { owasp: ["MCP07"] },
};

function checkSource(remote: Fields, gateway: WrittenGateway): string | undefined {
  const host = hostOf(remote);
  if (host === undefined) return "keys are read without TLS";
  const { cluster } = data(remote.http_uri);
  const found = list(data(gateway.bootstrap.static_resources).clusters)
    .map(data)
    .find(({ name }) => name === cluster);
  const tls = data(data(found?.transport_socket).typed_config);
  const common = data(tls.common_tls_context);
  const context = data(common.validation_context);
  if (tls.sni !== host || data(context.trusted_ca).filename === undefined)
    return "nothing checks the certificate of where keys are read";
  if (!["TLSv1_2", "TLSv1_3"].includes(String(data(common.tls_params).tls_minimum_protocol_version)))
    return "keys are read over TLS below 1.2";
  const names = list(context.match_typed_subject_alt_names).map(data);
  if (names.length !== 1 || data(names[0]?.matcher).exact !== host)
    return "any host with a certificate may hand out keys";
  if (remote.async_fetch === undefined || data(remote.async_fetch).fast_listener === true)
    return "an outage of S3 refuses everybody";
  const cached = gateway.filters
    .flatMap(({ config }) => Object.values(data(config.providers)))
    .some(
      (provider) => data(provider).remote_jwks !== undefined && data(provider).jwt_cache_config !== undefined,
    );
  return cached ? "tokens of withdrawn keys are remembered" : undefined;
}

/** A control of the bucket, and the function that fills it, behind every gateway with remote keys. */
function ofMirror(
  control: Pick<Control, "id" | "item" | "says" | "why" | "maps"> & {
    judge: (mirror: Mirror, plan: Plan) => Finding;
  },
): Control {
  return {
    ...control,
    on: [TASK],
    judge: (task, plan) => {
      let remotes: Fields[] = [];
      const readable = judgeGateway(task, (gateway) => void (remotes = remotesOf(gateway)), plan);
      if (readable.holds !== true) return readable;
      for (const remote of remotes) {
        const bucket = plan.target(hostOf(remote));
        if (!bucket) return unknown("where keys are read is not a bucket of this stack");
        const own = plan
          .blocks(FUNCTION)
          .find(({ body }) => isOf(blockAt(body.environment, "variables")[MIRROR_ENV.bucket], bucket, plan));
        if (!own) return fails("nothing copies the issuer's keys");
        const finding = control.judge({ task, bucket, function: own }, plan);
        if (finding.holds !== true) return finding;
      }
      return HOLDS;
    },
  };
}

interface Mirror {
  readonly task: Block;
  readonly bucket: Block;
  readonly function: Block;
}

const isOf = (reference: unknown, block: Block, plan: Plan) =>
  plan.target(reference)?.address === block.address;

/** Statements of the bucket's policy. */
function statementsOf(bucket: Block, plan: Plan): readonly Fields[] {
  return plan
    .referring(bucket, "aws_s3_bucket_policy", "bucket")
    .flatMap(({ body }) => blocksOf(blockAt(opened(body.policy)).Statement));
}

const objectOf = (bucket: Block) => `\${${bucket.address}.arn}/${MIRROR_OBJECT}`;
const CLOSED = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

const bucketClosed = ofMirror({
  id: "key-mirror.bucket-closed",
  item: 11,
  says: "The bucket of mirrored keys cannot become public, and one object of it is read, through one endpoint alone",
  why: "A policy for everybody is one condition away from the internet.",
  judge: ({ bucket }, plan) => {
    const [access] = plan.referring(bucket, "aws_s3_bucket_public_access_block", "bucket");
    const open = CLOSED.filter((field) => access?.body[field] !== true);
    if (open.length > 0) return fails(`${open.join(", ")} is not set`);
    const allowed = statementsOf(bucket, plan).filter(({ Effect }) => Effect === "Allow");
    if (allowed.length === 0) return fails("tasks may not read the keys");
    const wide = allowed.find(
      ({ Action, Resource, NotAction, NotResource }) =>
        String(texts(Action)) !== "s3:GetObject" ||
        String(texts(Resource)) !== objectOf(bucket) ||
        (NotAction ?? NotResource) !== undefined,
    );
    if (wide) return fails(`${String(wide.Sid)} allows more than to read the keys`);
    const anywhere = allowed.find(({ Condition }) => {
      const endpoints = texts(blockAt(Condition, "StringEquals")["aws:SourceVpce"]);
      return endpoints.length !== 1 || endpoints.some((id) => !/^(vpce-[0-9a-f]+|\$\{[^}]*\})$/.test(id));
    });
    return anywhere ? fails(`${String(anywhere.Sid)} lets others than one endpoint read`) : HOLDS;
  },
  maps: { fsbp: ["S3.2", "S3.3", "S3.8"], checkov: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56"] },
});

const WRITES = ["s3:PutObject", "s3:DeleteObject"];

const oneWriter = ofMirror({
  id: "key-mirror.one-writer",
  item: 5,
  says: "One function alone writes the keys, and it writes nothing else",
  why: "Whoever writes there signs tokens that every gateway takes.",
  judge: ({ bucket, function: own }, plan) => {
    const role = plan.target(own.body.role);
    if (!role) return unknown("the function's role is not in this stack");
    const denied = statementsOf(bucket, plan).some((each) => {
      const others = texts(blockAt(each.Condition, "ArnNotEquals")["aws:PrincipalArn"]);
      return (
        each.Effect === "Deny" &&
        each.Principal === "*" &&
        WRITES.every((action) => texts(each.Action).includes(action)) &&
        texts(each.Resource).includes(`\${${bucket.address}.arn}/*`) &&
        others.length === 1 &&
        String(others[0]).endsWith(`/${String(role.body.name)}`)
      );
    });
    if (!denied) return fails("others than the function may write the keys");
    const foreign = givenTo(role, plan)
      .filter(({ Action }) => texts(Action).some((one) => /^s3:(Put|Delete|\*)/.test(one)))
      .flatMap(({ Resource }) => texts(Resource))
      .filter((arn) => arn !== objectOf(bucket));
    return foreign.length === 0 ? HOLDS : fails(`the function also writes ${foreign.join(", ")}`);
  },
});

const onSchedule = ofMirror({
  id: "key-mirror.on-schedule",
  item: 14,
  says: "Keys are copied more often than a withdrawn one ends, and a call that is lost is kept",
  why: "A new key of the issuer would be refused, or a withdrawn one end at the first missed copy.",
  judge: ({ function: own }, plan) => {
    const schedule = plan
      .blocks("aws_scheduler_schedule")
      .find(({ body }) => isOf(blockAt(body.target).arn, own, plan) && body.state !== "DISABLED");
    if (!schedule) return fails("nothing calls it");
    const target = blockAt(schedule.body.target);
    if (blockAt(opened(target.input)).action !== "mirror") return fails("it is called for something else");
    if (texts(blockAt(target.dead_letter_config).arn).length === 0)
      return fails("calls that failed are lost");
    const overlap = blockAt(own.body.environment, "variables")[MIRROR_ENV.overlapMinutes];
    const every = minutesOf(schedule);
    if (every === undefined || isExpression(overlap)) return unknown("how often it comes is not judged");
    return every < Number(overlap)
      ? HOLDS
      : fails(`it comes every ${every} minutes, a withdrawn key ends after ${String(overlap)}`);
  },
});

/** Minutes of `rate(15 minutes)`. */
function minutesOf({ body }: Block): number | undefined {
  const rate = /^rate\((\d+) minutes?\)$/.exec(String(body.schedule_expression));
  return rate ? Number(rate[1]) : undefined;
}

/** Minutes without a copy after which somebody must have heard of it. */
const LONGEST_SILENCE = 240;

const ageRings = ofMirror({
  id: "key-mirror.age-rings",
  item: 13,
  says: "Keys that were not copied for hours tell somebody, also when nothing runs at all",
  why: "Everything works until the issuer changes its key, and then nothing does.",
  judge: ({ function: own }, plan) => {
    const alarm = plan.blocks("aws_cloudwatch_metric_alarm").find(({ body }) => {
      const metrics = blocksOf(body.metric_query).map((query) => blockAt(query.metric));
      const names = metrics.map((metric) => metric.metric_name);
      const isOwn = metrics.some(({ dimensions }) => {
        const name = blockAt(dimensions).FunctionName;
        return name === own.body.function_name || isOf(name, own, plan);
      });
      return isOwn && names.includes("Invocations") && names.includes("Errors");
    });
    if (!alarm) return fails("no alarm watches how old they are");
    const { body } = alarm;
    if (body.treat_missing_data !== "breaching") return fails("when nothing runs, nothing rings");
    if (!rings(body)) return fails("nobody hears the alarm");
    const periods = blocksOf(body.metric_query).map((query) => Number(blockAt(query.metric).period ?? 0));
    const minutes = (Math.max(...periods) * Number(body.evaluation_periods)) / 60;
    return minutes <= LONGEST_SILENCE ? HOLDS : fails(`it rings after ${minutes} minutes`);
  },
});

const copiedFirst = ofMirror({
  id: "key-mirror.copied-before-tasks",
  item: 14,
  says: "A service waits until its issuer's keys were copied and may be read",
  why: "Tasks that start without keys refuse every token, and look well.",
  judge: ({ task, bucket, function: own }, plan) => {
    const seed = plan
      .referring(own, "aws_lambda_invocation", "function_name")
      .find(({ body }) => blockAt(opened(body.input)).action === "mirror");
    const [policy] = plan.referring(bucket, "aws_s3_bucket_policy", "bucket");
    for (const service of plan.referring(task, "aws_ecs_service", "task_definition")) {
      const before = texts(service.body.depends_on);
      const missing = [seed, policy].some((block) => block === undefined || !before.includes(block.address));
      if (missing) return fails(`${service.address} does not wait for the first copy`);
    }
    return HOLDS;
  },
});

/** Controls of mirrored keys. */
export const keyMirrorControls: readonly Control[] = [
  sourceChecked,
  bucketClosed,
  oneWriter,
  onSchedule,
  ageRings,
  copiedFirst,
];
