import { policyStoreControls } from "../../lib/policy-store/controls";
import { readerControls } from "../../lib/secrets/reader-controls";
import { surroundingsControls } from "../../lib/secrets/surroundings-controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { synthExample } from "../support/examples";
import { policed, type StatementBody } from "../support/policies";
import { holdAsBuilt } from "../support/control-tests";

const plan = synthExample("complete");
const all = [...readerControls, ...policyStoreControls, ...surroundingsControls];
const FUNCTION = "aws_lambda_function";

const statement = (sid: string, change: (one: StatementBody) => void) =>
  policed(plan, "aws_secretsmanager_secret_policy", "policy", (one) => void (one.Sid === sid && change(one)));
const readers = (change: (arns: string[]) => string[]) =>
  statement("ReadersAlone", ({ Condition }) => {
    const but = Condition?.ArnNotLike as { "aws:PrincipalArn": string[] };
    but["aws:PrincipalArn"] = change(but["aws:PrincipalArn"]);
  });
const settings = (file: string, set: object) =>
  changed(
    plan,
    FUNCTION,
    (body) => {
      const { variables } = body.environment as { variables: { SETTINGS: string } };
      variables.SETTINGS = JSON.stringify({ ...(JSON.parse(variables.SETTINGS) as object), ...set });
    },
    ({ filename }) => String(filename).endsWith(`${file}.zip`),
  );
const store = (set: object) =>
  changed(
    plan,
    "aws_secretsmanager_secret",
    (body) => Object.assign(body, set),
    ({ name }) => String(name).includes("_gateway"),
  );

holdAsBuilt([...readerControls, ...policyStoreControls], plan);

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    ["secrets.readers-can-read", "is not among its readers", () => readers((arns) => arns.slice(1))],
    [
      "secrets.readers-can-read",
      "is not among its readers",
      () => readers((arns) => arns.filter((arn) => !arn.includes("_rotation"))),
    ],
    [
      "secrets.readers-can-read",
      "and not given it",
      () => readers((arns) => [...arns, "arn:aws:iam::1:role/x"]),
    ],
    [
      "secrets.readers-can-read",
      "and not given it",
      () => statement("ReadersMayRead", (one) => (one.Action = ["secretsmanager:GetSecretValue"])),
    ],
    [
      "secrets.readers-can-read",
      "of another account",
      () => changed(plan, "aws_secretsmanager_secret_policy", (body) => delete body.lifecycle),
    ],
    [
      "gateway.store-replaceable",
      "before the new one is there",
      () => changed(plan, "aws_secretsmanager_secret_version", (body) => delete body.lifecycle),
    ],
    ["gateway.store-replaceable", "taken for 30 days", () => store({ recovery_window_in_days: undefined })],
    ["gateway.store-replaceable", "taken for 7 days", () => store({ recovery_window_in_days: 7 })],
    ["secrets.functions-told", "with that client", () => settings("client-key", { client: "" })],
    ["secrets.functions-told", "with that name", () => settings("tls-certificate", { name: undefined })],
    ["secrets.functions-told", "with that days", () => settings("tls-certificate", { days: 59 })],
    ["secrets.functions-told", "with that days", () => settings("tls-certificate", { days: 1511 })],
    ["secrets.functions-told", "with that length", () => settings("generated", { length: 8 })],
    [
      "secrets.functions-told",
      "no function makes",
      () => changed(plan, "aws_secretsmanager_secret_rotation", (body) => delete body.rotation_lambda_arn),
    ],
    [
      "secrets.functions-told",
      "stands in *",
      () =>
        changed(plan, FUNCTION, ({ vpc_config: at }) =>
          Object.assign(at as object, { security_group_ids: ["*"] }),
        ),
    ],
    [
      "secrets.functions-bounded",
      "what it runs on",
      () => changed(plan, FUNCTION, (body) => (body.architectures = ["*"])),
    ],
    [
      "secrets.functions-bounded",
      "it takes 2561 MiB",
      () => changed(plan, FUNCTION, (body) => (body.memory_size = 2561)),
    ],
    [
      "secrets.schedules-kept",
      "when the next one is due",
      () =>
        changed(plan, "aws_scheduler_schedule", ({ target }) => {
          (target as { retry_policy: object }).retry_policy = {
            maximum_retry_attempts: 185,
            maximum_event_age_in_seconds: 86_400,
          };
        }),
    ],
  ])("%s: %s", (id, says, mutate) => {
    expect(judge(named(all, id), mutate())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
  });

  test("a policy that cannot be read before deployment is unknown", () => {
    const dark = changed(
      plan,
      "aws_secretsmanager_secret_policy",
      (body) => (body.policy = "${data.x.y.json}"),
    );
    expect(judge(named(all, "secrets.readers-can-read"), dark)).toContainEqual({
      holds: "unknown",
      says: "its policy cannot be read before deployment",
    });
  });
});
