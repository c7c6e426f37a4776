import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { App } from "cdktf";
import { TerraformStack, Testing } from "cdktf";
import { invokeAspects } from "cdktf/lib/synthesize/synthesizer";
import { Account, Naming, type Deployment } from "../../lib/terraform";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { POSTURES, type Posture } from "../../lib/posture";

/** Synthesises what `build` makes in a stack of its own, validations included, and opens the written JSON. */
export function synthPlan(build: (stack: TerraformStack) => void): Plan {
  const app: App = Testing.app();
  const stack = new TerraformStack(app, "test");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  build(stack);
  return new Plan(JSON.parse(Testing.synth(stack, true)) as TerraformJson);
}

/** The same with what stands in the file beside the resources, such as what our constructs say of themselves. */
export function writtenPlan(build: (stack: TerraformStack) => void): Plan {
  const stack = new TerraformStack(Testing.app() as App, "test");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  build(stack);
  // As `Testing.synth` does, which then writes a file that lacks the comments and is of no use here.
  invokeAspects(stack);
  stack.runAllValidations();
  return new Plan(JSON.parse(JSON.stringify(stack.toTerraform())) as TerraformJson);
}

/** A deployment to hang single constructs on. */
export function testDeployment(stack: TerraformStack, posture: Posture = "production"): Deployment {
  const defaults = POSTURES[posture];
  return {
    naming: new Naming("acme-test"),
    tags: { team: "platform" },
    account: new Account(stack, "account"),
    lifecycle: defaults.lifecycle,
    defaults,
    iam: { path: "/", boundaryArn: "arn:aws:iam::123456789012:policy/boundary", ours: true, denied: [] },
  };
}
