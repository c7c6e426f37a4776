import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { HardenedMcp } from "../../lib";
import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan, type Verdict } from "../../lib/checklist/engine";
import type { Plan } from "../../lib/terraform/plan";
import { changed, without } from "../audit/judge";
import { goodConfig } from "../support/config";
import { writtenPlan } from "../support/plan";

/** With a second flow log of the organisation's, into a bucket that is there, as docs/composition.md shows. */
const plan = writtenPlan((stack) => {
  const mcp = new HardenedMcp(stack, "mcp", goodConfig());
  new FlowLog(stack, "flow-logs", {
    vpcId: mcp.platform.network.vpcId,
    trafficType: "ALL",
    maxAggregationInterval: 60,
    logDestinationType: "s3",
    logDestination: "arn:aws:s3:::org-flow-logs/mcp/acme-prod",
  });
});
const failed = (of: Plan): Verdict[] =>
  judgePlan(of, CONTROLS, { asOf: "2026-11-27" }).filter(({ result }) => result === "fail");

test("flow logs that an organisation has in a bucket of its own stand beside ours, and change no verdict", () => {
  expect(plan.blocks("aws_flow_log").map(({ body }) => body.log_destination_type)).toEqual([
    "cloud-watch-logs",
    "s3",
  ]);
  expect(failed(plan).map(({ control }) => control)).toEqual([]);
  const alone = without(plan, "aws_flow_log", (body) => body["log_destination_type"] === "s3");
  expect(failed(alone).map(({ control }) => control)).toEqual([]);
});

test("they do not stand in for ours when that is turned elsewhere", () => {
  const turned = changed(
    plan,
    "aws_flow_log",
    (body) => (body["log_destination_type"] = "s3"),
    (body) => body["log_destination_type"] === "cloud-watch-logs",
  );
  expect(failed(turned).map(({ control, detail }) => `${control}: ${detail}`)).toEqual([
    "network.parts-say-all: log_destination_type is s3: what is written does not end up in the group that is kept",
  ]);
});
