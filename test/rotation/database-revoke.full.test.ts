import { describeWithDatabases, startDatabase, type DatabaseServer } from "../support/databases";
import { crashes, DatabaseBench } from "./database-bench";

/** Time budget: 60 s for both servers on a free machine. */
describe.each(["postgres", "mariadb"] as const)("%s", (engine) => {
  describeWithDatabases([engine], "every call of a revocation, lost before and after its effect", () => {
    let server: DatabaseServer;
    beforeAll(async () => {
      server = await startDatabase(engine, "revoke");
    }, 60_000);
    afterAll(() => server?.stop());

    test("what was known is refused, what is current works, and rotations go on", async () => {
      const bench = new DatabaseBench(server);
      await bench.seed();
      await bench.rotate();
      bench.crashAt(undefined);
      await bench.revoke();
      const whole = bench.calls.length;
      expect(whole).toBeGreaterThan(20);
      for (const crash of crashes(whole)) {
        bench.crashAt(undefined);
        await bench.rotate();
        const leaked = bench.value();
        expect(leaked.previous).not.toBeNull();
        bench.crashAt(crash);
        await bench.retried()(bench.revoke);
        expect(await bench.logIn()).toBe("app");
        expect(bench.value().previous).toBeNull();
        for (const known of [leaked, leaked.previous!])
          await expect(bench.logIn(known)).rejects.toThrow("was refused");
        expect(bench.manager.text("AWSPENDING")).toBeUndefined();
      }
      bench.expectSilence();
    }, 120_000);
  });
});
