import { describeWithDatabases, startDatabase, type DatabaseServer } from "../support/databases";
import { crashes, DatabaseBench, dropUsers } from "./database-bench";

describe.each(["postgres", "mariadb"] as const)("%s", (engine) => {
  describeWithDatabases(
    [engine],
    "every call to Secrets Manager and to the database, lost before and after its effect",
    () => {
      let server: DatabaseServer;
      beforeAll(async () => {
        server = await startDatabase(engine, "crash");
      }, 120_000);
      afterAll(() => server?.stop());

      test("of a rotation: each ends well when it is repeated, and both generations work", async () => {
        await dropUsers(server, "app_a", "app_b");
        const bench = new DatabaseBench(server);
        await bench.seed();
        bench.crashAt(undefined);
        await bench.rotate();
        const whole = bench.calls;
        expect(whole.filter((call) => call.endsWith("Command")).length).toBeGreaterThan(12);
        expect(whole.filter((call) => !call.endsWith("Command")).length).toBeGreaterThan(7);
        const cuts = { count: 0 };
        for (const crash of crashes(whole.length)) {
          const before = bench.value();
          bench.crashAt(crash);
          await bench.rotate(bench.retried(cuts));
          const after = bench.value();
          expect(await bench.logIn(after)).toBe("app");
          expect(after.username).not.toBe(before.username);
          expect(after.previous).toEqual({ username: before.username, password: before.password });
          expect(await bench.logIn(before)).toBe("app");
          expect(JSON.parse(bench.manager.text("AWSPREVIOUS") ?? "")).toEqual(before);
          expect(bench.manager.text("AWSPENDING")).toBeUndefined();
        }
        expect(cuts.count).toBe(2 * whole.length);
        console.log(`${engine}: ${cuts.count} lost calls in ${cuts.count} rotations, each ended well`);
        bench.expectSilence();
      }, 120_000);

      test("of a seed: one value, which works", async () => {
        const whole = await callsOf(server, (bench) => bench.seed());
        for (const crash of crashes(whole)) {
          await dropUsers(server, "app_a", "app_b");
          const bench = new DatabaseBench(server);
          bench.crashAt(crash);
          await bench.retried()(bench.seed);
          expect(bench.manager.text("AWSPREVIOUS")).toBeUndefined();
          expect(bench.value().previous).toBeNull();
        }
      }, 120_000);
    },
  );
});

async function callsOf(
  server: DatabaseServer,
  act: (bench: DatabaseBench) => Promise<unknown>,
): Promise<number> {
  await dropUsers(server, "app_a", "app_b");
  const bench = new DatabaseBench(server);
  await act(bench);
  return bench.calls.length;
}
