import { LONGEST_KEPT_SECONDS } from "../alarms/messages";
import { blockAt, texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { isOurs, ofOurs } from "../checklist/engine";
import { MIRROR_ENV } from "../runtime/mirror-env";
import { ROTATION_ENV } from "../runtime/rotation-env";
import { isExpression, opened, type Block } from "../terraform/plan";
import { fieldControls } from "./field-controls";
import { wrongSetting } from "./kind-settings";
import { rotationFunctions, settingsOf } from "./read-function";

/** Runtimes that AWS still mends. */
const RUNTIMES = ["nodejs22.x", "nodejs24.x"];

/** Longer than this a step of ours never takes; what hangs is ended, and tried again. */
const LONGEST_SECONDS = 120;

/** MiB. A step makes a handful of calls. */
const MOST_MEMORY = 1024;

/** What the code of our functions reads. Another may be the runtime's: it can load other code, or call other addresses. */
const VARIABLES: readonly string[] = [...Object.values(ROTATION_ENV), ...Object.values(MIRROR_ENV)];

const asMade = ofOurs({
  id: "secrets.functions-bounded",
  item: 14,
  says: "Every function runs code of a known digest on a runtime that AWS mends, for two minutes at most",
  why: "Other code would see every secret it rotates; code that hangs holds the only place that a rotation has.",
  on: ["aws_lambda_function"],
  judge: (block) => {
    const {
      runtime,
      handler,
      filename,
      source_code_hash: hash,
      architectures,
      timeout,
      memory_size: memory,
    } = block.body;
    if (!RUNTIMES.includes(String(runtime))) return fails(`its runtime is ${String(runtime)}`);
    // cdktf writes a file under the digest of its text.
    if (handler !== "index.handler" || !/^assets\/[^/]+\/[0-9A-F]{32}\/[a-z-]+\.zip$/.test(String(filename)))
      return fails("it runs other code than ours");
    const stranger = Object.keys(blockAt(block.body, "environment", "variables")).find(
      (name) => !VARIABLES.includes(name),
    );
    if (stranger !== undefined) return fails(`it is told ${stranger}, which its code does not know`);
    if (texts(hash).length === 0) return fails("a change of its code would not be noticed");
    const [on, more] = texts(architectures);
    if (!["arm64", "x86_64"].includes(String(on)) || more !== undefined)
      return fails("nothing says what it runs on");
    if (!(Number(timeout) >= 1 && Number(timeout) <= LONGEST_SECONDS))
      return fails(
        `it may run ${timeout === undefined ? "3 seconds, too short to begin" : `${String(timeout)} seconds`}`,
      );
    if (!(Number(memory) >= 128)) return fails("nothing says how much memory it has");
    // Time is paid by memory; one that needs more than this does something else.
    return Number(memory) <= MOST_MEMORY ? HOLDS : fails(`it takes ${String(memory)} MiB`);
  },
});

const logged = ofOurs({
  id: "secrets.functions-logged",
  item: 10,
  says: "Every function writes its log as JSON to a group that is made for it, and sends traces nowhere",
  why: "AWS would make a group by itself, without a key and for ever; traces have no way out of the network.",
  on: ["aws_lambda_function"],
  judge: (block, plan) => {
    const logging = blockAt(block.body, "logging_config");
    if (logging.log_format !== "JSON") return fails("its log is plain text");
    if (texts(logging.log_group).length === 0) return fails("AWS makes its log group");
    const group = plan.target(logging.log_group);
    if (group?.mode === "resource" && group.type !== "aws_cloudwatch_log_group")
      return fails("it logs to no log group");
    const levels = [logging.application_log_level, logging.system_log_level];
    // DEBUG and TRACE write requests down, and with them what is secret.
    if (levels.some((level) => level !== "INFO" && level !== "WARN"))
      return fails("its log may hold too much or nothing");
    return blockAt(block.body, "tracing_config").mode === "PassThrough"
      ? HOLDS
      : fails("it would trace calls to a service that it does not reach");
  },
});

const ownSecret: Control = {
  id: "secrets.functions-told",
  item: 14,
  says: "Every rotation function is told its secret and how to make its values, and is in two zones at least",
  why: "A function that was told another secret rotates that, or none; in one zone it fails with it.",
  on: ["aws_secretsmanager_secret_rotation"],
  judge: (rotation, plan) => {
    const own = plan.target(rotation.body.rotation_lambda_arn);
    if (isOurs(rotation, plan) && texts(rotation.body.rotation_lambda_arn).length === 0)
      return fails("no function makes its next value");
    if (!own || !rotationFunctions(plan).includes(own)) return unknown("its function is not in this stack");
    if (!isOurs(own, plan)) return HOLDS;
    const variables = blockAt(own.body, "environment", "variables");
    if (variables[ROTATION_ENV.secretArn] !== rotation.body.secret_id)
      return fails("its function is told another secret");
    const settings = variables[ROTATION_ENV.settings];
    if (typeof settings !== "string" || opened(settings) === undefined)
      return fails("its function is not told how to make values");
    const wrong = wrongSetting(own.body.filename, settingsOf(own), everyDays(rotation));
    if (wrong !== undefined) return fails(`its function cannot make values with that ${wrong}`);
    const { subnet_ids: subnets, security_group_ids: groups } = blockAt(own.body, "vpc_config");
    const place = [...texts(subnets), ...texts(groups)].find(
      (id) => !isExpression(id) && !/^(subnet|sg)-/.test(id),
    );
    if (place !== undefined) return fails(`its function stands in ${place}, which is no place in a network`);
    return isExpression(subnets) || texts(subnets).length > 1 ? HOLDS : fails("its function is in one zone");
  },
};

/** Days between two values; 0 where only an expression says. */
function everyDays({ body }: Block): number {
  const days = Number(blockAt(body, "rotation_rules").automatically_after_days ?? 0);
  return Number.isNaN(days) ? 0 : days;
}

const callers = ofOurs({
  id: "secrets.functions-called-by",
  item: 5,
  says: "Every permission to call a function names the action, the account and the one thing that may call",
  why: "Secrets Manager of another account, or for another secret, could otherwise set it going.",
  on: ["aws_lambda_permission"],
  judge: (block) => {
    const { action, function_name: of, source_arn: source, source_account: account } = block.body;
    if (action !== "lambda:InvokeFunction" || texts(of).length === 0)
      return fails("it allows something else than a call");
    if (texts(source).length === 0) return fails("it names no source");
    return texts(account).length > 0 ? HOLDS : fails("it names no account");
  },
  maps: { checkov: ["CKV_AWS_364"] },
});

const queues = ofOurs({
  id: "secrets.queues-keep",
  item: 13,
  says: "Every queue of events that failed is encrypted and keeps them for a fortnight",
  why: "By default a message is gone after four days, before anybody is back who could look.",
  on: ["aws_sqs_queue"],
  judge: (block) => {
    const {
      kms_master_key_id: key,
      sqs_managed_sse_enabled: own,
      message_retention_seconds: seconds,
    } = block.body;
    if (texts(key).length === 0 && own !== true) return fails("it says no encryption");
    return seconds === LONGEST_KEPT_SECONDS
      ? HOLDS
      : fails(`it keeps them for ${String(seconds ?? "four days")}`);
  },
  maps: { checkov: ["CKV_AWS_27"], fsbp: ["SQS.1"] },
});

const MOST_ATTEMPTS = 20;
const LONGEST_RETRY_SECONDS = 4 * 3600;

const schedules = ofOurs({
  id: "secrets.schedules-kept",
  item: 14,
  says: "Every schedule runs on time, in a named time zone, by a role, encrypted, and what failed is tried again and kept",
  why: "A call that is lost leaves tasks with old values, and nobody would know.",
  on: ["aws_scheduler_schedule"],
  judge: (block) => {
    const {
      flexible_time_window: window,
      schedule_expression_timezone: zone,
      kms_key_arn: key,
      state,
    } = block.body;
    if (state === "DISABLED") return fails("it is turned off");
    if (blockAt(window).mode !== "OFF") return fails("it may run at any time in a window");
    if (texts(zone).length === 0) return fails("it says no time zone");
    if (texts(key).length === 0) return fails("it is not encrypted with a customer's key");
    if (texts(block.body.group_name).length === 0)
      return fails("it stands in the group of everybody's schedules");
    const target = blockAt(block.body, "target");
    if (texts(target.role_arn).length === 0) return fails("it has no role");
    if (texts(blockAt(target, "dead_letter_config").arn).length === 0)
      return fails("what failed is thrown away");
    const { maximum_event_age_in_seconds: age, maximum_retry_attempts: attempts } = blockAt(
      target,
      "retry_policy",
    );
    if (!(Number(attempts) > 0) || age === undefined)
      return fails("nothing says how often it is tried again");
    // EventBridge's own are 185 attempts in a day: tasks would start anew at noon, for a call of the night.
    return Number(attempts) <= MOST_ATTEMPTS && Number(age) <= LONGEST_RETRY_SECONDS
      ? HOLDS
      : fails("it is tried again when the next one is due");
  },
});

const rules = ofOurs({
  id: "secrets.events-heard",
  item: 13,
  says: "Every rule for events is on",
  why: "A rule that is turned off for a while is forgotten.",
  on: ["aws_cloudwatch_event_rule"],
  judge: (block) => {
    return block.body.state === "ENABLED"
      ? HOLDS
      : fails(`it is ${String(block.body.state ?? "on by default alone")}`);
  },
});

const seeds = ofOurs({
  id: "secrets.seeds-once",
  item: 14,
  says: "What makes a first value calls the function that rotates that secret",
  why: "A secret whose first value another function makes has none, and its tasks never start.",
  on: ["aws_lambda_invocation"],
  judge: (block, plan) => {
    const own = plan.target(block.body.function_name);
    if (texts(block.body.function_name).length === 0) return fails("it calls nothing");
    if (!own) return unknown("its function is not in this stack");
    const { secretId } = blockAt(opened(block.body.input));
    if (secretId === undefined) return HOLDS;
    const told = blockAt(own.body, "environment", "variables")[ROTATION_ENV.secretArn];
    return told === secretId ? HOLDS : fails("it calls the function of another secret");
  },
});

/** Controls of what stands around rotation: functions, their callers, queues, schedules, rules for events. */
export const surroundingsControls: readonly Control[] = [
  asMade,
  logged,
  ownSecret,
  callers,
  queues,
  schedules,
  rules,
  seeds,
  ...fieldControls,
];
