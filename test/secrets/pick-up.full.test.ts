import { pickUpDefinition, SETTLE_SECONDS } from "../../lib/secrets/delivery/pick-up-definition";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { describeWith } from "../support/toolchain";
import { jsonata, Machines } from "./machines";

const CLUSTER = "arn:aws:ecs:eu-west-1:123456789012:cluster/acme-test";
const HOUR = 3_600_000;

/** The definition as it is deployed, but for a shorter wait and no patience. */
function definition(serviceName: string, clusterArn = CLUSTER): object {
  const text = JSON.stringify(pickUpDefinition({ partition: "aws", clusterArn, serviceName }));
  return JSON.parse(
    text
      .replace(`"Seconds":${SETTLE_SECONDS}`, '"Seconds":1')
      .replaceAll('"MaxAttempts":6', '"MaxAttempts":0'),
  ) as object;
}

/** As events write it: whole seconds. */
const time = (offset = 0): string => new Date(Date.now() + offset).toISOString().replace(/\.\d+Z$/, "Z");

describeWith(["python"], "the state machine that starts tasks anew, interpreted", () => {
  let emulator: Emulator;
  let machines: Machines;
  beforeAll(async () => {
    emulator = await startEmulator("pick-up", await jsonata());
    machines = new Machines(emulator);
    await machines.call("ecs", "CreateCluster", { clusterName: "acme-test" });
    await machines.call("ecs", "RegisterTaskDefinition", {
      family: "orders",
      containerDefinitions: [{ name: "orders", image: "orders", memory: 64 }],
    });
    for (const serviceName of ["orders", "gone"]) {
      await machines.call("ecs", "CreateService", {
        cluster: "acme-test",
        serviceName,
        taskDefinition: "orders",
        desiredCount: 1,
      });
    }
    await machines.call("ecs", "DeleteService", { cluster: "acme-test", service: "gone", force: true });
  }, 180_000);
  afterAll(() => emulator.stop());

  const deployment = async () => {
    const { services } = (await machines.call("ecs", "DescribeServices", {
      cluster: "acme-test",
      services: ["orders"],
    })) as { services: [{ deployments: [{ id: string }] }] };
    return services[0].deployments[0].id;
  };

  test("a change that nobody has delivered starts one deployment; the second of a burst finds it and starts none", async () => {
    const before = await deployment();
    const rotated = { time: time(-1000) };
    // The service itself was made before the change.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const later = { time: time() };
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const first = await machines.run(definition("orders"), later);
    expect(first).toEqual({ status: "SUCCEEDED", states: ["Settle", "Look", "Needed", "StartAnew"] });
    const after = await deployment();
    expect(after).not.toBe(before);
    for (const event of [later, rotated]) {
      const next = await machines.run(definition("orders"), event);
      expect(next).toEqual({ status: "SUCCEEDED", states: ["Settle", "Look", "Needed", "Nothing"] });
    }
    expect(await deployment()).toBe(after);
  }, 60_000);

  test("a deployment of an hour ago does not count", async () => {
    const before = await deployment();
    const { states } = await machines.run(definition("orders"), { time: time(HOUR) });
    expect(states).toContain("StartAnew");
    expect(await deployment()).not.toBe(before);
  }, 60_000);

  test.each([
    ["a service that never was", definition("nobody"), ["Settle", "Look", "Needed", "Nothing"]],
    ["a service that was deleted", definition("gone"), ["Settle", "Look", "Needed", "Nothing"]],
    ["a cluster that never was", definition("orders", `${CLUSTER}-other`), ["Settle", "Look", "Nothing"]],
  ])(
    "%s is no failure",
    async (_what, machine, states) => {
      expect(await machines.run(machine, { time: time(HOUR) })).toEqual({ status: "SUCCEEDED", states });
    },
    60_000,
  );

  test("anything else is one", async () => {
    const broken = JSON.parse(
      JSON.stringify(definition("orders")).replace("ecs:updateService", "ecs:runTask"),
    ) as object;
    expect((await machines.run(broken, { time: time(HOUR) })).status).toBe("FAILED");
  }, 60_000);

  test("no request broke a rule of AWS's own models, but for the one that was meant to fail", () => {
    const others = emulator.violations().filter(({ operation }) => operation !== "RunTask");
    expect(others).toEqual([]);
  });
});
