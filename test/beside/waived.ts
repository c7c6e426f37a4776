import { CONTROLS } from "../../lib/checklist/controls";
import { MANIFEST_KEY, type ManifestWaiver } from "../../lib/checklist/manifest";
import { report, type Report, type ReportedVerdict } from "../../lib/checklist/report";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { File, IN, type Added } from "../addition/added";
import { synthExampleText } from "../support/examples";

export const TEXT = synthExampleText("complete");
export const file = new File(JSON.parse(TEXT) as TerraformJson);
export const FUNCTION = new Plan(file.source).blocks("aws_lambda_function")[0]?.address ?? "";
export const ROLES = "beside.roles-as-made";
export const AT = "aws_iam_role_policy_attachment.added";
export const TODAY = "2026-11-27";

export type Source = Record<string, Record<string, Record<string, Record<string, unknown>>>>;
export type Waiver = Pick<ManifestWaiver, "control" | "at" | "seen"> & Partial<ManifestWaiver>;

/** What the configuration of a platform writes into the file's comment. */
export function waiving(source: TerraformJson, ...waivers: readonly Waiver[]): TerraformJson {
  const copy = JSON.parse(JSON.stringify(source)) as Source;
  const entries = Object.values(copy["//"]?.[MANIFEST_KEY] ?? {}) as Record<string, unknown>[];
  const platform = entries.find(({ kind }) => kind === "platform") ?? {};
  platform["waivers"] = waivers.map((one) => ({
    ...{ field: "waivers", reason: "seen by both of us", until: "2027-03-31" },
    ...one,
  }));
  return copy as TerraformJson;
}

export const judged = (source: TerraformJson, asOf = TODAY): Report =>
  report([{ stack: "complete", file: "cdk.tf.json", plan: new Plan(source) }], CONTROLS, asOf);

export function at(
  source: TerraformJson,
  control: string = ROLES,
  address = AT,
  asOf = TODAY,
): ReportedVerdict {
  const found = judged(source, asOf).verdicts.find(
    (one) => one.control === control && one.address === address,
  );
  if (found === undefined) throw new Error(`${control} says nothing of ${address}`);
  return found;
}

/** A file, and the same with a waiver of what is found there now. */
export function seen(source: TerraformJson, control = ROLES, address = AT): Required<Waiver> {
  const { seen: digest = "none", result } = at(source, control, address);
  expect(["fail", "unknown"]).toContain(result);
  return {
    ...{ control, at: address, seen: digest },
    ...{ field: "waivers", reason: "seen by both of us", until: "2027-03-31" },
  };
}

export const role = file.ref(IN.taskRole, "name");
export const attachment = (body: object, name = "added"): Added => ({
  aws_iam_role_policy_attachment: { [name]: { role, ...body } },
});
export const partner = file.with(
  attachment({ policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }),
  "complete/beside",
);
