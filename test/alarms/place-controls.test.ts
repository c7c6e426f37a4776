import { samePlace } from "../../lib/alarms/place-controls";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";

const judge = (alarm: object, balancer: object = {}, more: object = {}) => {
  const plan = new Plan({
    resource: { aws_cloudwatch_metric_alarm: { a: alarm }, aws_lb: { l: balancer }, ...more },
  } as TerraformJson);
  const [block] = plan.blocks("aws_cloudwatch_metric_alarm");
  if (!block) throw new Error("there is no alarm");
  return samePlace.judge(block, plan);
};

describe("an alarm stands where it sees something", () => {
  test.each<[string, object, object, unknown]>([
    ["where nobody says a place", {}, {}, true],
    ["both by one provider", { provider: "aws.eu" }, { provider: "aws.eu" }, true],
    ["both in one region", { region: "eu-west-1" }, { region: "eu-west-1" }, true],
    ["another region", { region: "us-west-2" }, {}, false],
    ["another provider", { provider: "aws.other" }, {}, false],
    ["the default provider, where the load balancer has another", {}, { provider: "aws.eu" }, false],
    ["a region that is known later", { region: "${var.r}" }, {}, "unknown"],
  ])("%s", (_what, alarm, balancer, holds) => expect(judge(alarm, balancer).holds).toBe(holds));
  test("the finding says both places", () =>
    expect(judge({ region: "us-west-2" })).toEqual({
      holds: false,
      says: "its region is us-west-2, that of what it watches is the default",
    }));
  test("with nothing to watch in the file, nobody can tell", () => {
    const plan = new Plan({ resource: { aws_cloudwatch_metric_alarm: { a: { region: "x" } } } });
    expect(plan.blocks("aws_cloudwatch_metric_alarm").map((one) => samePlace.judge(one, plan).holds)).toEqual(
      [true],
    );
  });
});
