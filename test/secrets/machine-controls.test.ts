import { machineControls } from "../../lib/secrets/delivery/machine-controls";
import { embedded, type Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { holdAsBuilt } from "../support/control-tests";
import { synthExample } from "../support/examples";

type Body = Record<string, unknown>;
type State = Body & { Arguments: Body; Items: Body[] };

const plan = synthExample("payments");
const MACHINE = "aws_sfn_state_machine";
const isWatch = ({ name }: Body) => String(name).endsWith("-secret-age");
const isPickUp = (body: Body) => !isWatch(body);

/** The plan with another definition of one kind of machine. */
const defined = (only: (body: Body) => boolean, change: (states: Record<string, State>, all: Body) => void) =>
  changed(
    plan,
    MACHINE,
    (body) => {
      const definition = structuredClone(embedded(body.definition)) as Body & {
        States: Record<string, State>;
      };
      change(definition.States, definition);
      body.definition = JSON.stringify(definition);
    },
    only,
  );
const machine = (change: (body: Body) => void) => changed(plan, MACHINE, change, isPickUp);
const key = (change: (encryption: Body) => void) =>
  machine((body) => change(body.encryption_configuration as Body));
const isOfRotations = ({ event_pattern: pattern }: Body) => String(pattern).includes("aws.secretsmanager");
const rule = (change: (pattern: Body & { detail: Body & { additionalEventData: Body } }) => void) =>
  changed(
    plan,
    "aws_cloudwatch_event_rule",
    (body) => {
      const pattern = structuredClone(embedded(body.event_pattern));
      change(pattern as never);
      body.event_pattern = JSON.stringify(pattern);
    },
    isOfRotations,
  );
const target = (change: (body: Body & { input_transformer: Body; retry_policy: Body }) => void) =>
  changed(plan, "aws_cloudwatch_event_target", change as never, ({ target_id: id }) => id === "machine");

holdAsBuilt(machineControls, plan);

test.each<[string, string, () => Plan]>([
  ["machines-as-made", "something else", () => defined(isWatch, ({ Each }) => delete Each?.Output)],
  [
    "machines-as-made",
    "something else",
    () => defined(isWatch, (_states, all) => (all.TimeoutSeconds = 86_400)),
  ],
  ["machines-as-made", "something else", () => defined(isPickUp, (states) => delete states.Settle)],
  [
    "machines-as-made",
    "something else",
    () => defined(isPickUp, ({ StartAnew }) => (StartAnew!.Arguments.ForceNewDeployment = false)),
  ],
  [
    "machines-as-made",
    "something else",
    () => defined(isPickUp, ({ StartAnew }) => (StartAnew!.Arguments.Service = "other")),
  ],
  ["machines-as-made", "something else", () => defined(isPickUp, (_states, all) => (all.States = {}))],
  [
    "machines-as-made",
    "no service acme-pay-gone",
    () =>
      defined(isPickUp, ({ Look, StartAnew }) => {
        Look!.Arguments.Services = ["acme-pay-gone"];
        StartAnew!.Arguments.Service = "acme-pay-gone";
      }),
  ],
  ["machines-as-made", "does nothing", () => machine((body) => delete body.definition)],
  ["machines-kept", "keeps no history", () => machine((body) => (body.type = "EXPRESS"))],
  ["machines-kept", "no key", () => machine((body) => delete body.encryption_configuration)],
  ["machines-kept", "no key", () => key((one) => (one.type = "AWS_OWNED_KEY"))],
  ["machines-kept", "no key", () => key((one) => delete one.kms_key_id)],
  ["machines-kept", "every 9001 seconds", () => key((one) => (one.kms_data_key_reuse_period_seconds = 9001))],
  ["watch-complete", "does not look at", () => defined(isWatch, ({ Each }) => void Each?.Items.shift())],
  [
    "watch-complete",
    "late after 400 days",
    () => defined(isWatch, ({ Each }) => (Each!.Items[0]!.days = 400)),
  ],
  ["pick-up-told", "no event", () => without(plan, "aws_cloudwatch_event_target")],
  ["pick-up-told", "something else", () => rule((pattern) => delete pattern.source)],
  ["pick-up-told", "something else", () => rule(({ detail }) => delete detail.eventSource)],
  ["pick-up-told", "something else", () => rule(({ detail }) => (detail.eventName = ["*"]))],
  ["pick-up-told", "no secret", () => rule(({ detail }) => (detail.additionalEventData.SecretId = ["*"]))],
  ["pick-up-told", "no secret", () => rule(({ detail }) => (detail.additionalEventData.SecretId = [{}]))],
  ["pick-up-told", "when the secret", () => target((body) => delete (body as Body).input_transformer)],
  [
    "pick-up-told",
    "when the secret",
    () => target(({ input_transformer: transformer }) => (transformer.input_template = "{}")),
  ],
  ["pick-up-told", "are lost", () => without(plan, "aws_sqs_queue_policy")],
  ["pick-up-told", "no role", () => target((body) => delete body.role_arn)],
  ["pick-up-told", "for a day", () => target((body) => delete (body as Body).retry_policy)],
  [
    "pick-up-told",
    "for a day",
    () => target(({ retry_policy: retry }) => (retry.maximum_event_age_in_seconds = 86_400)),
  ],
])("%s: %s", (id, says, broken) => {
  const findings = judge(named(machineControls, `secrets.${id}`), broken());
  expect(findings).toContainEqual({ holds: false, says: expect.stringContaining(says) as string });
});
