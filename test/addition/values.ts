import { IN, type Added, type Addition, type File } from "./added";

/** One block that is read. */
const data = (type: string, body: object): Added => ({ [`data.${type}`]: { added: body } });
const held = (type: string, body: object): Added => ({ [`ephemeral.${type}`]: { added: body } });

const reading = (
  name: string,
  adds: (it: File) => Added,
  expected: Addition["expected"] = "verdict",
): Addition => ({ name, adds, expected });

/** What Terraform reads of ours, for a state, an output or a resource of somebody else. */
export const VALUES: readonly Addition[] = [
  reading("the value of a client's key", (it) =>
    data("aws_secretsmanager_secret_version", { secret_id: it.ref(IN.secret) }),
  ),
  reading("the value by the secret's name", (it) =>
    data("aws_secretsmanager_secret_version", { secret_id: it.value(IN.secret, "name") }),
  ),
  reading("the value by an ARN that was copied", (it) =>
    data("aws_secretsmanager_secret_version", {
      secret_id: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${String(it.value(IN.secret, "name"))}-AbCdEf`,
    }),
  ),
  reading("the value by a function of its reference", (it) =>
    data("aws_secretsmanager_secret_version", {
      secret_id: `\${join("", [${it.at(IN.secret)}.arn])}`,
    }),
  ),
  reading("the value for each of several", (it) =>
    data("aws_secretsmanager_secret_version", {
      for_each: `\${toset([${it.at(IN.secret)}.arn])}`,
      secret_id: "${each.value}",
    }),
  ),
  reading("the value of what was looked up by its name", (it) => ({
    ...data("aws_secretsmanager_secret_version", { secret_id: "${data.aws_secretsmanager_secret.added.id}" }),
    ...data("aws_secretsmanager_secret", { name: it.value(IN.secret, "name") }),
  })),
  reading("the value of whichever secret a variable names", () =>
    data("aws_secretsmanager_secret_version", { secret_id: "${var.secret}" }),
  ),
  reading("the value, held for one run", (it) =>
    held("aws_secretsmanager_secret_version", { secret_id: it.ref(IN.secret) }),
  ),
  reading("the value as if it were a parameter", (it) =>
    data("aws_ssm_parameter", {
      name: `/aws/reference/secretsmanager/${String(it.value(IN.secret, "name"))}`,
    }),
  ),
  reading("the value as if it were a parameter, held for one run", (it) =>
    held("aws_ssm_parameter", {
      arn: `arn:aws:ssm:eu-west-1:111122223333:parameter/aws/reference/secretsmanager/\${${it.at(IN.secret)}.name}`,
    }),
  ),
  reading("what a key of ours has encrypted", (it) =>
    data("aws_kms_secrets", {
      secret: [{ name: "x", payload: "AQIC", key_id: it.ref(IN.secretsKey, "arn") }],
    }),
  ),
  reading("what a key has encrypted that nobody names", () =>
    data("aws_kms_secrets", { secret: [{ name: "x", payload: "AQIC" }] }),
  ),
  reading("a record of the archive", (it) =>
    data("aws_s3_object", { bucket: it.ref(IN.archive, "bucket"), key: "audit/x" }),
  ),
  reading("a program is run with a key", (it) =>
    data("external", { program: ["./read"], query: { secret: it.ref(IN.secret, "arn") } }),
  ),
  reading("a task is run at each plan", (it) =>
    data("aws_ecs_task_execution", {
      cluster: it.ref(IN.cluster, "arn"),
      task_definition: it.ref(IN.definition, "arn"),
    }),
  ),
  reading("a password that nobody has", () => data("aws_secretsmanager_random_password", {}), "quiet"),
  reading(
    "what a secret is called",
    (it) => data("aws_secretsmanager_secret", { arn: it.ref(IN.secret, "arn") }),
    "quiet",
  ),
  reading(
    "a secret of somebody else",
    () => data("aws_secretsmanager_secret_version", { secret_id: "billing/key" }),
    "quiet",
  ),
  reading("a parameter of the platform", () => data("aws_ssm_parameter", { name: "/base/ami" }), "quiet"),
  reading(
    "a parameter that a variable ends",
    () => data("aws_ssm_parameter", { name: "/base/${var.stage}/ami" }),
    "quiet",
  ),
  reading(
    "a parameter as it lies there",
    () => data("aws_ssm_parameter", { name: "${var.name}", with_decryption: false }),
    "quiet",
  ),
  reading(
    "what somebody else's key has encrypted",
    () =>
      data("aws_kms_secrets", {
        secret: [{ name: "x", payload: "AQIC", key_id: "arn:aws:kms:eu-west-1:111122223333:key/other" }],
      }),
    "quiet",
  ),
  reading("a page", () => data("http", { url: "https://example.com/ranges.json" }), "quiet"),
  reading(
    "the state of another stack",
    () => data("terraform_remote_state", { backend: "s3", config: { bucket: "states", key: "base" } }),
    "quiet",
  ),
  reading("an object of somebody else", () => data("aws_s3_object", { bucket: "other", key: "x" }), "quiet"),
];
