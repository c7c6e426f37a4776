import { CONTROLS } from "../../../lib/checklist/controls";
import { diff } from "../../../lib/checklist/review/diff";
import { summarise } from "../../../lib/checklist/review/summary";
import { Plan, type TerraformJson } from "../../../lib/terraform/plan";
import { synthExampleText } from "../../support/examples";

const text = synthExampleText("complete");
const before = summarise(new Plan(JSON.parse(text) as TerraformJson), CONTROLS);
const TOPIC = "arn:aws:sns:eu-west-1:444455556666:elsewhere";

type Bodies = Record<string, Record<string, unknown>>;
interface File {
  "//": { "hardened-mcp": Record<string, Record<string, unknown>> };
  resource: Record<string, Bodies>;
}

/** What is said of a changed file about what is decided once, given or heard: whether it widens, and the sentence. */
function said(change: (file: File) => void): string[] {
  const file = JSON.parse(text) as File;
  change(file);
  return diff(before, summarise(new Plan(file as unknown as TerraformJson), CONTROLS))
    .filter(({ kind }) => kind === "protections" || kind === "alarms")
    .map(({ widens, says }) => `${widens ? "+" : " "} ${says}`)
    .filter((line) => !/^. (`[a-z.-]+` (holds|is better|has)|alarm )/.test(line));
}

const each = (file: File, type: string, change: (body: Record<string, unknown>) => void) =>
  Object.values(file.resource[type] ?? {}).forEach(change);
const platform = (file: File) => {
  const entry = file["//"]["hardened-mcp"]["complete/mcp/platform"];
  if (entry === undefined) throw new Error("there is no platform");
  return entry;
};

test("nothing is said where nothing changed", () => expect(said(() => undefined)).toEqual([]));

test("another posture, and what may be destroyed", () =>
  expect(
    said((file) => Object.assign(platform(file), { posture: "sandbox", lifecycle: "disposable" })),
  ).toEqual([
    expect.stringMatching(/^ {2}the lifecycle of `complete\/mcp\/platform` changed: protected → disposable$/),
    expect.stringMatching(/^ {2}the posture of `complete\/mcp\/platform` changed: production → sandbox$/),
  ]));

test("a web ACL that is given in place of the one that is made", () => {
  const arn = "arn:aws:wafv2:eu-west-1:444455556666:regional/webacl/x/1";
  const lines = said((file) => {
    Object.assign(platform(file), { existing: ["web-acl"] });
    each(file, "aws_wafv2_web_acl_association", (body) => (body.web_acl_arn = arn));
  });
  expect(lines).toContain(
    "+ of `complete/mcp/platform`, the web ACL is given now, not made here: what it lets is somebody else's to say",
  );
  expect(lines).toContain(`+ \`${arn}\` is now the web ACL, and given`);
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}`complete\/mcp\/\S+` is no longer the web ACL$/));
});

test.each<[string, string, string]>([
  ["aws_secretsmanager_secret", "kms_key_id", "the key of secrets"],
  ["aws_cloudwatch_log_group", "kms_key_id", "the key of logs"],
  ["aws_ecs_service", "cluster", "a cluster"],
])("%s.%s that is given is %s", (type, attribute, as) =>
  expect(said((file) => each(file, type, (body) => (body[attribute] = "arn:other")))).toContain(
    `+ \`arn:other\` is now ${as}, and given`,
  ),
);

test("alarms that are told to another account", () => {
  const lines = said((file) =>
    each(file, "aws_cloudwatch_metric_alarm", (body) => (body.alarm_actions = [TOPIC])),
  );
  expect(lines).toContain(`+ alarms are now told to \`${TOPIC}\``);
});

test("one alarm of many, also only its end", () =>
  expect(
    said((file) => {
      const [first] = Object.values(file.resource.aws_cloudwatch_metric_alarm ?? {});
      Object.assign(first ?? {}, { ok_actions: [TOPIC] });
    }),
  ).toEqual([`+ alarms are now told to \`${TOPIC}\``]));

test("who hears the topic, in place of whom", () => {
  const lines = said((file) =>
    each(file, "aws_sns_topic_subscription", (body) => (body.endpoint = "x@evil.example")),
  );
  expect(lines).toEqual([
    expect.stringMatching(/^\+ `email x@evil.example` now hears `complete\/mcp\/platform\//),
    expect.stringMatching(/^ {2}`email \S+` no longer hears `complete\/mcp\/platform\//),
  ]);
});

test("a review of an older version is not stale for what it did not say", () => {
  const { declared: _, used: __, heard: ___, ...older } = before;
  expect(diff(older as typeof before, before)).toEqual([]);
});
