import { clientKey } from "../../lib/runtime/rotation/client-key";
import { Bench } from "../rotation/fixture";
import { describeWith } from "../support/toolchain";
import { Fleet, period, withoutNext, type FleetOptions, type KeyStore } from "./keys-rotation";

/** The real handler over Secrets Manager's rules, in this process. */
function store(clients: readonly string[]): KeyStore {
  const benches = new Map(clients.map((client) => [client, new Bench(clientKey({ client }))]));
  const of = (client: string): Bench => benches.get(client) as Bench;
  return {
    seed: (client) => of(client).seed(),
    rotate: (client) => of(client).rotate(),
    revoke: (client) => of(client).revoke(),
    value: (client) => Promise.resolve(of(client).manager.value("AWSCURRENT") ?? {}),
  };
}

const CLIENTS = ["a", "b", "c", "d"];

describeWith(["envoy"], "keys that change under load", () => {
  const run = async (mount?: FleetOptions["mount"]) => {
    const options = { store: store(CLIENTS), clients: CLIENTS, gateways: 2, ...(mount && { mount }) };
    const first = (await options.store.value("a")).key;
    const fleet = await Fleet.start(options);
    try {
      fleet.load();
      for (let round = 0; round < 2; round++) await period(fleet, options, 1);
    } finally {
      await fleet.finish();
    }
    return { first, ...fleet.tally };
  };

  it("refuse nobody, however late a client takes its own", async () => {
    const { ok, refused, other } = await run();
    process.stderr.write(`[keys] 4 clients, 2 rotations each: ${ok} calls, ${sum(refused)} refused\n`);
    expect([refused, other]).toEqual([{}, []]);
    expect(ok).toBeGreaterThan(100);
  }, 60_000);

  it("refuse those who are early when nothing was announced: the test can fail", async () => {
    const { ok, refused } = await run(withoutNext);
    expect(sum(refused)).toBeGreaterThan(5);
    expect(ok).toBeGreaterThan(50);
  }, 60_000);
});

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
