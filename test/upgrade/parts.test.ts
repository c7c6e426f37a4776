import { Construct } from "constructs";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { AuditArchive, decommission, Gateway, Moves } from "../../lib";
import type { PartConfig } from "../../lib/parts/config";
import { good as gateway } from "../parts/gateway-fixture";
import { problemsOf } from "../support/config";
import { synthPlan } from "../support/plan";
import { PARTS } from "../tokens/corpus-parts";

const COLD_S = 60;
jest.setTimeout(COLD_S * 1000);

type Written = ReturnType<typeof synthPlan>;
interface Blocks {
  readonly removed?: readonly { from: string; lifecycle: { destroy: boolean } }[];
  readonly moved?: readonly { from: string; to: string }[];
}
const blocksOf = (plan: Written): Blocks => plan.source as Blocks;
const addresses = (plan: Written) =>
  plan.all.map(({ address }) => address).filter((address) => !address.startsWith("data."));

/** With a key of their own, which has to go or to stay. */
const withKeys = Object.entries(PARTS).map(([name, part]) => {
  const { key: _key, logsKey: _logsKey, ...config } = part.config as PartConfig & Record<string, unknown>;
  return [name, { ...part, config: config as PartConfig }] as const;
});

describe.each(withKeys)("%s on its own", (name, { config, make }) => {
  const synth = (lifecycle: "protected" | "disposable", end = false) =>
    synthPlan((stack) => {
      const made = make(stack, "it", { ...config, lifecycle });
      if (end) decommission(made);
    });
  const running = synth("disposable");
  const kept = new Set((blocksOf(synth("disposable", true)).removed ?? []).map(({ from }) => from));

  test("is not ended while it is protected, and says what has to be applied first", () =>
    expect(problemsOf(() => synth("protected", true))).toEqual([
      expect.stringMatching(/^lifecycle is "protected"; apply it with "disposable" first/),
    ]));

  test("has nothing left in the second step", () => expect(synth("disposable", true).all).toEqual([]));

  test("leaves the archive behind and nothing else", () => {
    const { removed = [] } = blocksOf(synth("disposable", true));
    expect(removed.every(({ lifecycle }) => !lifecycle.destroy)).toBe(true);
    if (name !== "audit-archive") return expect(removed).toEqual([]);
    const archive = addresses(running).filter((address) => address.includes("_delivery_archive_"));
    const [key] = addresses(running).filter((address) => address.startsWith("aws_kms_key."));
    expect(archive.length).toBeGreaterThan(10);
    return expect(kept).toEqual(new Set([...archive, key]));
  });

  test("keeps nothing from being destroyed that is disposable, and something that is protected", () => {
    const held = (plan: Written) =>
      plan.all
        .filter(({ address }) => !kept.has(address))
        .filter(
          ({ body }) =>
            body["deletion_protection_enabled"] === true ||
            body["skip_destroy"] === true ||
            (body["recovery_window_in_days"] ?? 0) !== 0 ||
            body["force_destroy"] === false ||
            (body["lifecycle"] as { prevent_destroy?: boolean } | undefined)?.prevent_destroy === true,
        )
        .map(({ address }) => address);
    expect(held(running)).toEqual([]);
    // A topic and alarms hold nothing.
    if (name !== "alarm-set") expect(held(synth("protected"))).not.toEqual([]);
  });

  test("takes every one of its resources along to another place", () => {
    const plan = synthPlan((stack) => {
      make(new Construct(stack, "team"), "it", config);
      new Moves(stack, "moves", [{ from: "it", to: "team/it" }]);
    });
    const old = addresses(synth("protected"));
    const { moved = [] } = blocksOf(plan);
    expect(new Set(moved.map(({ from }) => from))).toEqual(new Set(old));
    expect(new Set(moved.map(({ to }) => to))).toEqual(new Set(addresses(plan)));
    expect(moved).toHaveLength(old.length);
  });
});

test("the key of lines on their way goes where the archive has its own in another account", () => {
  const { key: _key, ...config } = PARTS["audit-archive"]?.config as PartConfig & Record<string, unknown>;
  const plan = synthPlan((stack) => {
    const archive = new AwsProvider(stack, "there", { region: "eu-west-1", alias: "there" });
    decommission(
      new AuditArchive(stack, "it", {
        ...(config as PartConfig),
        lifecycle: "disposable",
        providers: { archive },
      }),
    );
  });
  const keys = (blocksOf(plan).removed ?? []).filter(({ from }) => from.startsWith("aws_kms_key."));
  expect(keys.map(({ from }) => from)).toEqual([expect.stringContaining("_archive_key_")]);
});

test("a gateway on its own ends in two steps and leaves nothing", () => {
  const synth = (lifecycle: "protected" | "disposable") =>
    synthPlan((stack) => decommission(new Gateway(stack, "it", { ...gateway, lifecycle })));
  expect(problemsOf(() => synth("protected"))).toEqual([expect.stringMatching(/^lifecycle is "protected"/)]);
  expect(synth("disposable").all).toEqual([]);
  expect(blocksOf(synth("disposable")).removed).toBeUndefined();
});
