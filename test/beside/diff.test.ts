import { CONTROLS } from "../../lib/checklist/controls";
import { diff } from "../../lib/checklist/review/diff";
import { summarise } from "../../lib/checklist/review/summary";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { allows, File, IN, one, several, type Added } from "../addition/added";
import { synthExampleText } from "../support/examples";

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
