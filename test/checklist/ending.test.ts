import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { Gateway } from "../../lib";
import { endings } from "../../lib/checklist/ending";
import { readManifest } from "../../lib/checklist/manifest";
import { PARTS as NAMES } from "../../lib/checklist/parts";
import type { TerraformJson } from "../../lib/terraform/plan";
import { good } from "../parts/gateway-fixture";
import { PARTS } from "../tokens/corpus-parts";

jest.setTimeout(60_000);

type Lifecycle = "protected" | "disposable";
/** What is said of a part as it is really written. */
const told = (name: string, lifecycle: Lifecycle): string[] => {
  const stack = new TerraformStack(Testing.app(), "test");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  const part = PARTS[name];
  if (part === undefined) new Gateway(stack, "it", { ...good, lifecycle });
  else part.make(stack, "it", { ...part.config, lifecycle });
  // Not validated: a gateway's own task definition is its owner's.
  const written = JSON.parse(JSON.stringify(stack.toTerraform())) as TerraformJson;
  return endings([{ declared: readManifest(written) } as never]);
};

describe("how a part on its own ends", () => {
  test.each(Object.keys(NAMES))("is said of %s, both steps, and what stays", (key) => {
    const left = key === "audit-archive" ? "the archive" : "nothing";
    expect(told(key, "protected")).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${key} of \\S+ is protected: to end it apply lifecycle "disposable", then decommission\\(…\\), which leaves ${left}$`,
        ),
      ),
    ]);
    expect(told(key, "disposable")).toEqual([
      expect.stringMatching(
        new RegExp(`^${key} of \\S+ is disposable: decommission\\(…\\) ends it and leaves ${left}$`),
      ),
    ]);
  });

  test("is not said of one that says nothing of its lifecycle, nor of a server", () => {
    const declared = [
      { path: "s/w", kind: "part", part: "web-acl", deployment: "acme-prod", waivers: [] },
      { path: "s/o", kind: "server", deployment: "acme-prod", lifecycle: "protected", waivers: [] },
    ];
    expect(endings([{ declared } as never])).toEqual([]);
  });

  test("is said once of each of two stacks' parts that are the same, and of each that differs", () => {
    const part = (of: string, deployment: string) =>
      ({
        ...{ path: `s/${of}`, kind: "part", part: of, deployment, waivers: [] },
        lifecycle: "disposable",
      }) as const;
    const stacks = [
      { declared: [part("web-acl", "acme-prod"), part("network", "acme-prod")] },
      { declared: [part("web-acl", "acme-prod"), part("web-acl", "acme-eu-prod")] },
    ];
    expect(endings(stacks as never)).toEqual(
      ["web-acl of acme-prod", "network of acme-prod", "web-acl of acme-eu-prod"].map(
        (what) => `${what} is disposable: decommission(…) ends it and leaves nothing`,
      ),
    );
  });
});
