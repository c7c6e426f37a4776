import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { Annotations, App, TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { fails, HOLDS, type Control } from "../../lib/checklist/control";
import { attachChecklist, checklistValidation } from "../../lib/checklist/validation";
import { Manifest } from "../../lib/terraform/manifest";

let judged = 0;
const control: Control = {
  id: "store.bucket-named",
  waivedBy: "store.names",
  item: 6,
  says: "Every bucket has a name",
  why: "It could not be found.",
  on: ["aws_s3_bucket"],
  judge: ({ body }) => {
    judged += 1;
    return body.bucket === undefined ? fails("it has none") : HOLDS;
  },
};
const options = { controls: [control], asOf: "2026-11-25" };

interface Made {
  readonly stack: TerraformStack;
  readonly ours: Construct;
  readonly bucket: S3Bucket;
}

function make(bucket: string | undefined, until?: string): Made {
  const stack = new TerraformStack(Testing.app(), "stack");
  const ours = new Construct(stack, "mcp");
  if (until !== undefined) {
    new Manifest(ours, "manifest", {
      kind: "part",
      deployment: "acme",
      posture: "sandbox",
      lifecycle: "disposable",
      waivers: [{ field: "store.names", reason: "a demonstration", until }],
    });
  }
  return { stack, ours, bucket: new S3Bucket(ours, "resource", bucket === undefined ? {} : { bucket }) };
}

describe("the checklist at synth", () => {
  test("passes what holds", () => {
    expect(checklistValidation(make("x").ours, options).validate()).toEqual([]);
  });
  test("fails the synth in one line that names the block, the control and why", () => {
    const { ours, stack } = make(undefined);
    attachChecklist(ours, options);
    expect(() => Testing.synth(stack, true)).toThrow(
      /aws_s3_bucket\.mcp_resource_\w+ fails "Every bucket has a name": it has none \[store\.bucket-named\]/,
    );
  });
  test("an override cannot hide", () => {
    const { ours, bucket } = make("x");
    bucket.addOverride("bucket", undefined);
    expect(checklistValidation(ours, options).validate()).toHaveLength(1);
  });
  test("what somebody else has made in the stack is not ours to fail", () => {
    const { ours, stack } = make("x");
    new S3Bucket(stack, "theirs");
    expect(checklistValidation(ours, options).validate()).toEqual([]);
  });
  test("a waiver lets it pass, one that has ended warns", () => {
    expect(checklistValidation(make(undefined, "2026-12-31").ours, options).validate()).toEqual([]);
    const { ours } = make(undefined, "2026-01-01");
    expect(checklistValidation(ours, options).validate()).toEqual([]);
    expect(ours.node.metadata).toEqual([
      expect.objectContaining({ type: "@cdktf/warn", data: expect.stringContaining("ended on 2026-01-01") }),
    ]);
  });
  test("a stack is judged once, however many constructs of ours are in it", () => {
    const { ours, stack } = make("x");
    judged = 0;
    for (const construct of [ours, new Construct(stack, "second")]) {
      checklistValidation(construct, options).validate();
    }
    expect(judged).toBe(1);
  });
  test("a second synth judges what has become of the stack since", () => {
    const { ours, stack, bucket } = make("x");
    new AwsProvider(stack, "aws", { region: "eu-west-1" });
    attachChecklist(ours, options);
    expect(() => Testing.synth(stack, true)).not.toThrow();
    bucket.addOverride("bucket", undefined);
    expect(() => Testing.synth(stack, true)).toThrow(/it has none/);
    bucket.addOverride("bucket", "y");
    expect(() => Testing.synth(stack, true)).not.toThrow();
  });
  describe("of an app", () => {
    /** An app in an empty folder with one judged stack; what it writes of its bucket. */
    function app(): Made & { readonly app: App; readonly written: () => Record<string, unknown> } {
      const folder = mkdtempSync(join(tmpdir(), "judged-"));
      folders.push(folder);
      const app = new App({ outdir: folder });
      const stack = new TerraformStack(app, "stack");
      new AwsProvider(stack, "aws", { region: "eu-west-1" });
      const ours = new Construct(stack, "mcp");
      const bucket = new S3Bucket(ours, "resource", { bucket: "x" });
      attachChecklist(ours, options);
      attachChecklist(new Construct(stack, "second"), options);
      const written = () => {
        const text = readFileSync(join(folder, "stacks", "stack", "cdk.tf.json"), "utf8");
        const { resource } = JSON.parse(text) as { resource: Record<string, Record<string, object>> };
        return Object.values(resource["aws_s3_bucket"] ?? {})[0] as Record<string, unknown>;
      };
      return { app, stack, ours, bucket, written };
    }
    const folders: string[] = [];
    afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

    test("what is written is what was judged, whatever a step of synthesis does in between", () => {
      const { app: made, ours, bucket, written } = app();
      const onSynthesize = () => bucket.addOverride("bucket", undefined);
      Object.defineProperty(new Construct(ours, "late"), Symbol.for("cdktf/customSynthesis"), {
        value: { onSynthesize },
      });
      made.synth();
      expect(written()).toMatchObject({ bucket: "x" });
      expect(() => made.synth()).toThrow(/it has none/);
    });
    test("a synth renders what is judged and nothing else", () => {
      const { app: made, stack } = app();
      const rendered = jest.spyOn(TerraformStack.prototype, "toTerraform");
      try {
        made.synth();
        expect(rendered.mock.contexts.filter((one) => one === stack)).toHaveLength(1);
        made.synth();
        expect(rendered.mock.contexts.filter((one) => one === stack)).toHaveLength(2);
      } finally {
        rendered.mockRestore();
      }
    });
    test("what the stack becomes afterwards is rendered as ever, and written by the next synth", () => {
      const { app: made, stack, bucket, written } = app();
      made.synth();
      bucket.addOverride("bucket", "y");
      expect(JSON.stringify(stack.toTerraform())).toContain('"bucket":"y"');
      expect(Object.hasOwn(stack, "toTerraform")).toBe(false);
      made.synth();
      expect(written()).toMatchObject({ bucket: "y" });
    });
    test("a synth that fails after it was judged leaves nothing behind", async () => {
      const { app: made, stack, ours, bucket } = app();
      Annotations.of(ours).addError("somebody else's");
      expect(() => made.synth()).toThrow(/somebody else's/);
      await Promise.resolve();
      bucket.addOverride("bucket", "y");
      expect(JSON.stringify(stack.toTerraform())).toContain('"bucket":"y"');
    });
    test("a stack that renders itself is judged and written as it says", () => {
      const { app: made, stack, written } = app();
      const render = stack.toTerraform.bind(stack);
      let times = 0;
      const own = () => {
        times += 1;
        return JSON.parse(JSON.stringify(render()).replace('"bucket":"x"', '"bucket":"own"')) as object;
      };
      stack.toTerraform = own;
      made.synth();
      expect([written()["bucket"], times]).toEqual(["own", 1]);
      expect(stack.toTerraform).toBe(own);
    });
  });
});
