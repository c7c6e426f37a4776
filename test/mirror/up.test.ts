import { gatewayTasks } from "../../lib/cli/up/gateway-task";
import { localise } from "../../lib/cli/up/localise";
import { mirroredPlan } from "./fixture";

test("a gateway that is tried on this machine asks no bucket: it has a key made just now", () => {
  const [task] = gatewayTasks(mirroredPlan());
  if (task === undefined) throw new Error("there is no gateway");
  const jwks = { keys: [{ kid: "local" }] };
  const { bootstrap, changes } = localise(task, { port: 8080, upstreamPort: 9090, tls: false, jwks });
  const text = JSON.stringify(bootstrap);
  expect(text).not.toContain("remote_jwks");
  expect(text).not.toContain("jwks.json");
  expect(text).toContain(JSON.stringify(JSON.stringify(jwks)).slice(1, -1));
  expect(changes).toContain(
    "the bucket with the issuer's keys: not asked, a key made just now stands in its place",
  );
});
