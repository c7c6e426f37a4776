import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { decommission, HardenedMcp, type HardenedMcpConfig } from "../../lib";
import { goodConfig, problemsOf } from "../support/config";
import { synthPlan } from "../support/plan";

const disposable = goodConfig({ lifecycle: "disposable" });
const synth = (config: HardenedMcpConfig, end = false) =>
  synthPlan((stack) => {
    const mcp = new HardenedMcp(stack, "mcp", config);
    if (end) decommission(mcp);
  });
const removed = (plan: ReturnType<typeof synth>) =>
  (plan.source as { removed?: { from: string; lifecycle: { destroy: boolean } }[] }).removed ?? [];

describe("a deployment that ends", () => {
  const running = synth(disposable);
  const ended = synth(disposable, true);

  test("has no resource and no data left", () => expect(ended.all).toEqual([]));

  test("leaves its archive with every one of its settings, and the key, and nothing else", () => {
    const archive = running.all
      .map(({ address }) => address)
      .filter((address) => address.includes("_audit_delivery_archive_") && !address.startsWith("data."));
    const [key] = running.all.filter(({ address }) =>
      address.startsWith("aws_kms_key.mcp_platform_audit_key"),
    );
    expect(archive.length).toBeGreaterThan(10);
    expect(new Set(removed(ended).map(({ from }) => from))).toEqual(new Set([...archive, key?.address]));
    expect(removed(ended).every(({ lifecycle }) => lifecycle.destroy === false)).toBe(true);
  });

  test("leaves the archive's own key where that lies in another account, and not that of the logs", () => {
    const plan = synthPlan((stack) => {
      const archive = new AwsProvider(stack, "there", { region: "eu-west-1", alias: "there" });
      decommission(new HardenedMcp(stack, "mcp", { ...disposable, providers: { archive } }));
    });
    const keys = removed(plan).filter(({ from }) => from.startsWith("aws_kms_key."));
    expect(keys.map(({ from }) => from)).toEqual([expect.stringContaining("_archive_key_")]);
  });

  test("gives up every name that the next one wants", () => {
    const kept = new Set(removed(ended).map(({ from }) => from));
    const bodies = running.all.filter(({ address }) => kept.has(address));
    expect(
      bodies
        .filter(
          ({ body }) =>
            body["name"] !== undefined ||
            (body["bucket_prefix"] === undefined && body["bucket"] === undefined && !("policy" in body)),
        )
        .map(({ address }) => address),
    ).toEqual([]);
    const secrets = running.blocks("aws_secretsmanager_secret");
    expect(secrets.length).toBeGreaterThan(0);
    expect(secrets.map(({ body }) => body["recovery_window_in_days"])).toEqual(secrets.map(() => 0));
  });
});

test("one that is protected is refused, with what has to be applied first", () => {
  expect(problemsOf(() => synth(goodConfig(), true))).toEqual([
    'lifecycle is "protected"; apply it with "disposable" first: until then AWS refuses to delete logs and secrets keep their names [conflict]',
    'ingress.deletionProtection is "on"; apply it with "off" first: until then AWS refuses to delete the load balancer [conflict]',
  ]);
  expect(problemsOf(() => synth({ ...disposable, ingress: { deletionProtection: "on" } }, true))).toEqual([
    expect.stringMatching(/^ingress\.deletionProtection is "on"/),
  ]);
});

test("a protected sandbox keeps its secrets for as long as production does", () =>
  expect(
    synth(
      goodConfig({ posture: "sandbox", lifecycle: "protected", audit: { archive: { mode: "COMPLIANCE" } } }),
    )
      .blocks("aws_secretsmanager_secret")
      .map(({ body }) => body["recovery_window_in_days"]),
  ).toEqual(expect.arrayContaining([30])));
