import { givenTo } from "../access/read-policy";
import { blockAt, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { data, judgeGateway, list, type WrittenGateway } from "../gateway/read";
import { MIRROR_ENV } from "../runtime/mirror-env";
import { opened, isExpression, type Block } from "../terraform/plan";
import { copyControls } from "./copy-controls";
import { hostOf, isOf, minutesOf, objectOf, ofMirror, remotesOf, statementsOf } from "./read";

const TASK = "aws_ecs_task_definition";

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
    if (!(every < Number(overlap)))
      return fails(`it comes every ${every} minutes, a withdrawn key ends after ${String(overlap)}`);
    // A lost call that came after the next one would find it at work, or undo what it copied.
    const seconds = Number(blockAt(target.retry_policy).maximum_event_age_in_seconds);
    return seconds <= every * 60
      ? HOLDS
      : fails("a call that failed is tried again when the next one has come");
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
    if (seed && !startsWith(seed, own)) return fails("the first copy is not made again for another issuer");
    const [policy] = plan.referring(bucket, "aws_s3_bucket_policy", "bucket");
    const before = texts(seed?.body.depends_on);
    if (seed && policy && !before.includes(policy.address))
      return fails("the first copy comes before the function alone may write");
    for (const service of plan.referring(task, "aws_ecs_service", "task_definition")) {
      const before = texts(service.body.depends_on);
      const missing = [seed, policy].some((block) => block === undefined || !before.includes(block.address));
      if (missing) return fails(`${service.address} does not wait for the first copy`);
    }
    return HOLDS;
  },
});

/** Whether a first call is made once, and again for another address alone: the one that the function reads. */
function startsWith({ body }: Block, own: Block): boolean {
  const { uri } = blockAt(opened(body.input));
  const read = blockAt(own.body.environment, "variables")[MIRROR_ENV.uri];
  return (
    body.lifecycle_scope === "CREATE_ONLY" &&
    uri !== undefined &&
    (isExpression(uri) || isExpression(read) || uri === read)
  );
}

/** Controls of mirrored keys. */
export const keyMirrorControls: readonly Control[] = [
  sourceChecked,
  bucketClosed,
  oneWriter,
  onSchedule,
  copiedFirst,
  ...copyControls,
];
