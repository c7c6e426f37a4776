import { TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { readManifest, readPolicies } from "../../lib/checklist/manifest";
import { Manifest, type ManifestProps } from "../../lib/terraform/manifest";
import type { TerraformJson } from "../../lib/terraform/plan";
import { VERSION } from "../../lib/terraform/version";
import { orders, policyOf } from "../cli/fixture";

const platform: ManifestProps = {
  kind: "platform",
  deployment: "acme-prod",
  posture: "production",
  lifecycle: "protected",
  waivers: [{ field: "waf.commonRules", reason: "a demonstration", until: "2026-12-31" }],
};

function synth(build: (stack: TerraformStack) => void): TerraformJson {
  const stack = new TerraformStack(Testing.app(), "stack");
  build(stack);
  // `Testing.synth` takes comments out.
  return JSON.parse(JSON.stringify(stack.toTerraform())) as TerraformJson;
}

describe("what constructs say of themselves", () => {
  test("is written and read back as it was, each under its own path", () => {
    const policy = policyOf("orders", orders);
    const json = synth((stack) => {
      const [a, b] = [new Construct(stack, "a"), new Construct(stack, "b")];
      new Manifest(a, "manifest", platform);
      new Manifest(b, "manifest", { ...platform, kind: "server", waivers: [], policy });
    });
    expect(readManifest(json)).toEqual([
      { version: VERSION, ...platform, path: "stack/a" },
      { version: VERSION, ...platform, kind: "server", waivers: [], policy, path: "stack/b" },
    ]);
    expect([...readPolicies(json).keys()]).toEqual(["orders"]);
  });
  test("leaves the rest of the file as it was", () => {
    const without = synth(() => undefined);
    const with_ = synth((stack) => new Manifest(new Construct(stack, "a"), "manifest", platform));
    const { "hardened-mcp": _, ...comment } = with_["//"] as Record<string, unknown>;
    expect({ ...with_, "//": comment }).toEqual(without);
  });
  test.each([[{}], [{ "//": { metadata: {} } }], [{ "//": { "hardened-mcp": null } }]])(
    "is nothing in a file of somebody else: %j",
    (json) => expect(readManifest(json)).toEqual([]),
  );
});
