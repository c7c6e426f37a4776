import { describeWithDatabases, startDatabase, type DatabaseServer } from "../support/databases";
import { DatabaseBench, settingsOf } from "./database-bench";
import { STEPS } from "./fixture";

/**
 * Time budget: 90 s, most of it waiting. In an account, two rotations are 20 hours apart at least and tasks are started
 * anew every day; here a value is 4 s old at least before it is followed, and callers stay with what they have read for
 * up to 4 s. What must hold is the same: nobody is later than the time between two rotations.
 */
const MIN_AGE_SECONDS = 4;
const LAG_MS = 4_000;
const SPACING_MS = 5_000;
const ROTATIONS = 10;
const CALLERS = 8;

describeWithDatabases(["postgres", "mariadb"], "under load", () => {
  const servers: DatabaseServer[] = [];
  beforeAll(async () => {
    for (const engine of ["postgres", "mariadb"] as const) servers.push(await startDatabase(engine, "load"));
  }, 90_000);
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  test("ten rotations of each kind refuse none of the callers that are late", async () => {
    const told = await Promise.all(servers.map(load));
    for (const { engine, made, refused, seconds } of told) {
      console.log(
        `${engine}: ${ROTATIONS} rotations in ${seconds.toFixed(0)} s, ${CALLERS} callers up to ${LAG_MS / 1000} s late: ` +
          `${made} new TLS connections, ${refused.length} refused`,
      );
      expect(refused).toEqual([]);
      expect(made).toBeGreaterThan(200);
    }
  }, 180_000);

  test("a caller that is two rotations late is refused: the load would have seen it", async () => {
    const [server] = servers as [DatabaseServer];
    const bench = new DatabaseBench(server, settingsOf(server));
    await bench.seed();
    const old = bench.value();
    await bench.rotate();
    expect(await bench.logIn(old)).toBe("app");
    await bench.rotate();
    await expect(bench.logIn(old)).rejects.toThrow("was refused");
  });
});

interface Load {
  readonly engine: string;
  readonly made: number;
  readonly refused: readonly string[];
  readonly seconds: number;
}

async function load(server: DatabaseServer): Promise<Load> {
  const bench = new DatabaseBench(server, settingsOf(server), MIN_AGE_SECONDS);
  bench.manager.now = Date.now();
  await bench.seed();
  const refused: string[] = [];
  let made = 0;
  let isOver = false;
  const caller = async (): Promise<void> => {
    while (!isOver) {
      // A task that was started now, and goes on with this value for a time of its own.
      const value = bench.value();
      const until = Date.now() + Math.random() * LAG_MS;
      do {
        await bench.logIn(value).then(
          () => made++,
          (error: unknown) => refused.push(String(error)),
        );
        await pause(20);
      } while (!isOver && Date.now() < until);
    }
  };
  const started = Date.now();
  const callers = Array.from({ length: CALLERS }, caller);
  try {
    for (let round = 0; round < ROTATIONS; round++) {
      await pause(SPACING_MS);
      bench.manager.now = Date.now();
      const token = bench.manager.beginRotation();
      for (const step of STEPS) await bench.step(step, token);
    }
    // At once again: refused, before anything is changed.
    const last = bench.manager.text("AWSCURRENT");
    bench.manager.now = Date.now();
    const hasty = bench.manager.beginRotation();
    await expect(bench.step("createSecret", hasty)).rejects.toThrow(`less than ${MIN_AGE_SECONDS} s`);
    expect(bench.manager.text("AWSCURRENT")).toBe(last);
  } finally {
    isOver = true;
    await Promise.all(callers);
  }
  bench.expectSilence();
  return { engine: server.engine, made, refused, seconds: (Date.now() - started) / 1000 };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
