import { serverContainer } from "../../lib/task/containers";
import type { Image } from "../../lib/task/image";

const rendered = (writablePaths: readonly string[]) =>
  serverContainer({
    run: {
      image: `acme/orders@sha256:${"b".repeat(64)}` as Image,
      port: 3000,
      tasks: { min: 2, max: 6 },
      single: false,
      split: undefined,
      cpuUnits: 512,
      memoryMib: 1024,
      architecture: "arm64",
      env: {},
      command: undefined,
      user: "65532:65532",
      writablePaths,
      healthPath: undefined,
      beside: {},
    },
    told: {},
    secrets: [],
    logGroupName: "/server",
    region: "eu-west-1",
    stopSeconds: 40,
  });

test("a writable folder is in memory, open to the server's user, and starts no programs", () => {
  const folder = (containerPath: string) => ({
    containerPath,
    size: 64,
    mountOptions: ["rw", "nosuid", "nodev", "noexec"],
  });
  const container = rendered(["/tmp", "/var/cache"]);
  expect(container["linuxParameters"]).toEqual({
    initProcessEnabled: true,
    capabilities: { drop: ["ALL"] },
    tmpfs: [folder("/tmp"), folder("/var/cache")],
  });
  expect(container["readonlyRootFilesystem"]).toBe(true);
  // A volume of Fargate belongs to root: the server could not write to it.
  expect(container).not.toHaveProperty("mountPoints");
});

test("nothing is writable by default", () => {
  expect(rendered([])["linuxParameters"]).toEqual({
    initProcessEnabled: true,
    capabilities: { drop: ["ALL"] },
  });
});
