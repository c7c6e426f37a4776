import type { TerraformJson } from "../../../lib/terraform/plan";
import { deriveSchema, type UsedTypes } from "./derive";
import { graft } from "./graft";
import { pruneUnused } from "./prune";
import { serveSchema, type Answers, type FakeProvider } from "./provider";
import { AWS, realSchema } from "./real";

const CLOUDFLARE = "registry.terraform.io/cloudflare/cloudflare";

/** Providers for exactly the types that a file uses, with the schemas of the versions our bindings are made for. */
export interface DerivedProviders {
  /** The value of TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  stop(): void;
}

/** Starts them inside this process. Cloudflare only where the file uses it. */
export async function derivedProviders(
  file: TerraformJson,
  answers: Answers = {},
): Promise<DerivedProviders> {
  const derived = deriveSchema("@cdktf/provider-aws", "aws", used(file, "aws"));
  const aws = pruneUnused(graft(derived, await realSchema()), file);
  const providers: FakeProvider[] = [await serveSchema(AWS, aws, answers)];
  const cloudflare = used(file, "cloudflare");
  if (cloudflare.resources.length + cloudflare.dataSources.length > 0) {
    const schema = deriveSchema("@cdktf/provider-cloudflare", "cloudflare", cloudflare);
    providers.push(await serveSchema(CLOUDFLARE, schema));
  }
  return {
    reattach: JSON.stringify(Object.assign({}, ...providers.map(({ reattach }) => reattach))),
    stop: () => providers.forEach((provider) => provider.stop()),
  };
}

function used(file: TerraformJson, prefix: string): UsedTypes {
  const of = (section: object | undefined) =>
    Object.keys(section ?? {}).filter((type) => type.startsWith(`${prefix}_`));
  return { resources: of(file.resource), dataSources: of(file.data) };
}
