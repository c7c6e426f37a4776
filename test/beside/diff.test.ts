import { CONTROLS } from "../../lib/checklist/controls";
import { diff } from "../../lib/checklist/review/diff";
import { summarise } from "../../lib/checklist/review/summary";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { allows, File, IN, one, several, type Added } from "../addition/added";
import { synthExampleText } from "../support/examples";
import { seen, waiving } from "./waived";

const file = new File(JSON.parse(synthExampleText("complete")) as TerraformJson);
const summaryWith = (added: Added) =>
  summarise(new Plan(file.with(added, "complete/beside/added")), CONTROLS);
const hearer = (name: string): Added => ({
  aws_sns_topic_subscription: {
    [name]: {
      topic_arn: file.ref(IN.topic, "arn"),
      protocol: "https",
      endpoint: `https://${name}.example.net`,
    },
  },
});

test("one that is accepted does not hide the next, and both widen reach", () => {
  const changes = diff(summaryWith(hearer("first")), summaryWith(several(hearer("first"), hearer("second"))));
  expect(changes).toEqual([
    {
      kind: "reach",
      widens: true,
      says: expect.stringMatching(
        /^`aws_sns_topic_subscription.second` reaches into what is ours: aws_sns_topic\.\S+ is heard by one whom/,
      ) as string,
    },
    {
      kind: "alarms",
      widens: true,
      says: expect.stringMatching(/^`https https:\/\/second.example.net` now hears `/) as string,
    },
  ]);
});

test("what a user may do is said, and that he may no longer", () => {
  const may = (action: string) =>
    summaryWith(
      one("aws_iam_user_policy", { user: "ann", policy: allows({ Action: action, Resource: "*" }) }),
    );
  const says = (old: string, now: string) =>
    diff(may(old), may(now))
      .filter(({ kind }) => kind === "rights")
      .map((change) => [change.says, change.widens]);
  expect(says("sqs:ListQueues", "kms:*")).toEqual([
    ["user `ann` may now kms:* on *", true],
    ["user `ann` may no longer sqs:ListQueues on *", false],
  ]);
});

test("what is waived in the very change that adds it widens reach all the same, and each waiver is said", () => {
  const added = file.with(several(hearer("first"), hearer("second")), "complete/beside");
  const control = "beside.records-as-made";
  const [first, second] = ["first", "second"].map((name) =>
    seen(added, control, `aws_sns_topic_subscription.${name}`),
  );
  if (first === undefined || second === undefined) throw new Error("nothing is said");
  const before = summarise(new Plan(file.source), CONTROLS);
  const changes = diff(before, summarise(new Plan(waiving(added, first, second)), CONTROLS));
  expect(changes.filter(({ kind, widens }) => kind === "reach" && widens)).toHaveLength(2);
  const waived = changes.filter(({ kind, says }) => kind === "protections" && says.includes("is turned off"));
  expect(waived.map(({ says }) => /at (\S+)\)/.exec(says)?.[1])).toEqual([first.at, second.at]);
  const again = diff(
    summarise(new Plan(waiving(added, first)), CONTROLS),
    summarise(new Plan(waiving(added, { ...first, seen: second.seen })), CONTROLS),
  );
  expect(again.map(({ says }) => says).join("\n")).toContain(`as seen in ${second.seen}`);
});

test("a block that is gone no longer reaches into what is ours, whatever waiver is left of it", () => {
  const added = file.with(hearer("first"), "complete/beside");
  const waiver = seen(added, "beside.records-as-made", "aws_sns_topic_subscription.first");
  const [before, after] = [added, file.source].map((source) =>
    summarise(new Plan(waiving(source, waiver)), CONTROLS),
  );
  if (before === undefined || after === undefined) throw new Error("there are two");
  expect(diff(before, after).map(({ says, widens }) => [says, widens])).toEqual([
    [
      "`aws_sns_topic_subscription.first` no longer reaches into what is ours (`beside.records-as-made`)",
      false,
    ],
    [expect.stringMatching(/no longer hears/), false],
  ]);
});

test("a waiver that is written anew, for a block that has changed since, counts as reach that widens", () => {
  const wider = (protocol: string): TerraformJson =>
    file.with(
      {
        aws_sns_topic_subscription: {
          first: { ...(hearer("first")["aws_sns_topic_subscription"]?.["first"] as object), protocol },
        },
      },
      "complete/beside",
    );
  const [old, now] = [wider("https"), wider("http")];
  const at = "aws_sns_topic_subscription.first";
  const [first, second] = [old, now].map((source) => seen(source, "beside.records-as-made", at));
  if (first === undefined || second === undefined) throw new Error("nothing is said");
  const stale = summarise(new Plan(waiving(now, first)), CONTROLS);
  const renewed = summarise(new Plan(waiving(now, second)), CONTROLS);
  expect(diff(stale, renewed).filter(({ widens }) => widens)).toHaveLength(1);
});
