import type { LimitsConfig, NewLimitStoreConfig } from "../../lib/limits/config";
import { resolveLimits } from "../../lib/limits/model";
import { STORE } from "../../lib/limits/store/contract";
import { NEW_STORE_DEFAULTS } from "../../lib/limits/store/model";
import { HardenedMcp } from "../../lib/hardened-mcp";
import { summarise } from "../../lib/checklist/review/summary";
import { NetworkGraph } from "../../lib/terraform/graph/network";
import { waysOut } from "../../lib/terraform/graph/outward";
import { embedded } from "../../lib/terraform/plan";
import { Check, formatProblem } from "../../lib/validation";
import { splitServer } from "../split/fixture";
import { isTestToken, TOKEN } from "../support/config";
import { synthPlan } from "../support/plan";
import { ownStore, ownStoreConfig, ownStorePlan } from "./fixture";

type Data = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

function resolved(change: object): { store: unknown; problems: string[] } {
  const check = Check.start(isTestToken);
  const config = ownStore(change as Partial<NewLimitStoreConfig>) as LimitsConfig;
  const model = resolveLimits(config, check.at("limits"));
  return {
    store: model.scope === "exact" ? model.store : undefined,
    problems: check.problems.map(formatProblem),
  };
}

describe("a store that is to be made", () => {
  it("has its defaults", () => {
    expect(resolved({})).toEqual({ store: { kind: "new", ...NEW_STORE_DEFAULTS }, problems: [] });
  });

  it.each<object>([
    { nodeType: "cache.m7g.xlarge", replicas: 5, engineVersion: "7.2", rotateDays: 7 },
    { maintenanceWindow: "sat:23:30-sun:00:30" },
    { maintenanceWindow: "mon:00:00-tue:00:00" },
    { nodeType: TOKEN, maintenanceWindow: TOKEN },
  ])("is what is asked for: %j", (change) => {
    expect(resolved(change)).toEqual({
      store: { kind: "new", ...NEW_STORE_DEFAULTS, ...change },
      problems: [],
    });
  });

  it.each<[object, string]>([
    [{ size: "large" }, "limits.store.size is not a field here"],
    [{ password: "x" }, "limits.store.password is not a field here"],
    [{ nodeType: "cache.m1.small" }, "limits.store.nodeType is"],
    [{ nodeType: "m7g.large" }, "limits.store.nodeType is"],
    [{ nodeType: "cache.r6gd.xlarge" }, "limits.store.nodeType is"],
    [{ replicas: 0 }, "limits.store.replicas is 0, expected 1 to 5"],
    [{ replicas: 6 }, "limits.store.replicas is 6, expected 1 to 5"],
    [{ replicas: TOKEN }, "limits.store.replicas is known only at deployment"],
    [{ engineVersion: "6.2" }, "limits.store.engineVersion is"],
    [{ engineVersion: TOKEN }, "limits.store.engineVersion is known only at deployment"],
    [{ maintenanceWindow: "sun:03:00" }, "limits.store.maintenanceWindow is"],
    [{ maintenanceWindow: "sun:25:00-sun:26:00" }, "limits.store.maintenanceWindow is"],
    [{ maintenanceWindow: "sun:03:00-sun:03:30" }, "limits.store.maintenanceWindow is 30 minutes long"],
    [{ maintenanceWindow: "sun:03:00-sun:03:00" }, "limits.store.maintenanceWindow is 0 minutes long"],
    [{ maintenanceWindow: "sun:03:00-sat:03:00" }, "limits.store.maintenanceWindow is 8640 minutes long"],
    [{ rotateDays: 1 }, "limits.store.rotateDays is 1"],
    [{ rotateDays: 91 }, "limits.store.rotateDays is 91"],
  ])("refuses %j", (change, says) => {
    expect(resolved(change).problems).toEqual([expect.stringContaining(says)]);
  });
});

const plan = ownStorePlan();
const only = (type: string): Data => {
  const [block, ...more] = plan.blocks(type);
  if (!block || more.length > 0) throw new Error(`there is not one ${type}`);
  return block.body as Data;
};
const containers = () => embedded(only("aws_ecs_task_definition")["container_definitions"]) as Data[];

describe("a store that is made", () => {
  it("is Valkey in two zones, over TLS alone, encrypted under the key of secrets", () => {
    const store = only("aws_elasticache_replication_group");
    expect(store).toMatchObject({
      replication_group_id: "acme-test-orders-limits",
      engine: "valkey",
      engine_version: "8.0",
      node_type: "cache.t4g.micro",
      num_cache_clusters: 2,
      multi_az_enabled: true,
      automatic_failover_enabled: true,
      transit_encryption_enabled: true,
      transit_encryption_mode: "required",
      at_rest_encryption_enabled: "true",
    });
    const secret = plan
      .blocks("aws_secretsmanager_secret")
      .find(({ body }) => body["name"] === "acme-test/orders/limits");
    expect(store["kms_key_id"]).toBe(secret?.body["kms_key_id"]);
    expect(plan.target(store["kms_key_id"])?.type).toBe("aws_kms_key");
  });

  it("has one user, who has no password as long as only Terraform has been there", () => {
    expect(only("aws_elasticache_user")).toMatchObject({
      user_id: "acme-test-orders-limits",
      user_name: "acme-test-orders-limits",
      access_string: "on ~hmcp_* -@all +ping +incrby +expire",
      authentication_mode: { type: "iam" },
      lifecycle: { ignore_changes: ["authentication_mode"] },
    });
    expect(JSON.stringify(plan.source)).not.toMatch(/"(passwords|auth_token)"/);
    const { user_ids: users } = only("aws_elasticache_user_group");
    expect(users).toEqual([`\${${plan.blocks("aws_elasticache_user")[0]?.address}.user_id}`]);
  });

  it("is made when that user has his password, and tasks start when it is there", () => {
    const seed = plan
      .blocks("aws_lambda_invocation")
      .find(({ address }) => address.includes("limits-rotation_seed"));
    expect(only("aws_elasticache_user_group")["depends_on"]).toEqual([seed?.address]);
    const user = plan.blocks("aws_elasticache_user")[0];
    expect(seed?.body["depends_on"]).toContain(user?.address);
    const service = containers()[2];
    expect(service?.["name"]).toBe("ratelimit");
    const url = service?.["environment"].find(({ name }: Data) => name === "REDIS_URL").value;
    const store = plan.blocks("aws_elasticache_replication_group")[0];
    expect(url).toBe(`\${${store?.address}.primary_endpoint_address}:6379`);
  });

  it("gives the service its login from the secret, and ECS the right to read it once", () => {
    const secret = plan
      .blocks("aws_secretsmanager_secret")
      .find(({ body }) => body["name"] === "acme-test/orders/limits");
    expect(containers()[2]?.["secrets"]).toEqual([
      { name: "REDIS_AUTH", valueFrom: `\${${secret?.address}.arn}:login::` },
    ]);
    const text = `\${${secret?.address}.arn}`;
    const readers = plan
      .blocks("aws_iam_role_policy")
      .filter(({ body }) => JSON.stringify(body).includes(text))
      .map(({ address }) => address);
    expect(readers).toHaveLength(2);
    expect(readers.join()).toMatch(/limits-rotation/);
    expect(readers.join()).toMatch(/execution/);
  });

  it("may have its password changed by one function, which reaches ElastiCache for that user alone", () => {
    const endpoint = plan
      .blocks("aws_vpc_endpoint")
      .find(({ body }) => String(body["service_name"]).endsWith(".elasticache"));
    const [lets, ...more] = (embedded(endpoint?.body["policy"]) as Data)["Statement"];
    expect(more).toEqual([]);
    expect(lets).toMatchObject({
      Action: STORE.calls,
      Resource: [expect.stringMatching(/:elasticache:.*:user:acme-test-orders-limits$/)],
      Condition: { StringEquals: { "aws:PrincipalAccount": expect.any(String) } },
    });
    const rights = plan
      .blocks("aws_iam_role_policy")
      .flatMap(({ body }) => (embedded(body["policy"]) as Data)["Statement"] as Data[])
      .filter(({ Action }) => JSON.stringify(Action).includes("elasticache:"));
    expect(rights).toEqual([
      {
        Sid: "ChangeThePasswordOfTheUser",
        Effect: "Allow",
        Action: STORE.calls,
        Resource: lets["Resource"],
      },
    ]);
    const enters = plan
      .blocks("aws_vpc_security_group_ingress_rule")
      .filter(
        ({ body }) => body["security_group_id"] === (endpoint?.body["security_group_ids"] as string[])[0],
      );
    expect(enters.map(({ body }) => plan.target(body["referenced_security_group_id"])?.body["name"])).toEqual(
      ["acme-test-orders_limits_rotation"],
    );
  });

  it("lets in the gateways at one port, and can connect to nobody", () => {
    const [group] = only("aws_elasticache_replication_group")["security_group_ids"] as string[];
    const rules = (type: string) =>
      plan.blocks(type).filter(({ body }) => body["security_group_id"] === group);
    expect(rules("aws_vpc_security_group_egress_rule")).toEqual([]);
    expect(
      rules("aws_vpc_security_group_ingress_rule").map(({ body }) => [
        plan.target(body["referenced_security_group_id"])?.body["name"],
        body["from_port"],
        body["to_port"],
      ]),
    ).toEqual([["acme-test-orders-task", 6379, 6379]]);
  });

  it("stands in what a review is about: reach, alarms, rotation, rights", () => {
    const { reach, alarms, rotation, roles } = summarise(plan, []);
    const store = plan.blocks("aws_elasticache_replication_group")[0];
    const graph = NetworkGraph.of(plan);
    expect(graph.end(store?.address ?? "")).toMatchObject({ kind: "database", isPublic: false });
    // Names are asked of the VPC itself, which no group can forbid.
    const out = waysOut(graph.end(store?.address ?? "") as never, graph);
    expect(out.map(({ kind }) => kind)).toEqual(["resolver"]);
    expect(reach["acme-test-orders"]).toMatchObject({ [`${store?.address}:6379`]: "end" });
    expect(rotation).toMatchObject({ "acme-test/orders/limits": 30 });
    expect(Object.keys(alarms).filter((name) => name.includes("-limits-store-"))).toHaveLength(7);
    expect(Object.keys(roles)).toContain("acme-test-orders_limits_rotation");
  });

  it("is one for both halves of a split server, with names that AWS takes, however long the server's is", () => {
    const name = "a-server-with-a-name-of-30-chars";
    const split = synthPlan(
      (stack) =>
        void new HardenedMcp(
          stack,
          "mcp",
          ownStoreConfig({ servers: { [name.slice(0, 30)]: splitServer({ limits: ownStore() }) } }),
        ),
    );
    const [store, ...more] = split.blocks("aws_elasticache_replication_group");
    expect(more).toEqual([]);
    const [group] = store?.body["security_group_ids"] as string[];
    const from = split
      .blocks("aws_vpc_security_group_ingress_rule")
      .filter(({ body }) => body["security_group_id"] === group)
      .map(({ body }) => String(split.target(body["referenced_security_group_id"])?.body["name"]));
    expect(from.sort()).toEqual(
      ["-task", "_write-task"].map((end) => expect.stringContaining(end) as string),
    );
    const names = [
      store?.body["replication_group_id"],
      split.blocks("aws_elasticache_user")[0]?.body["user_id"],
      split.blocks("aws_elasticache_user_group")[0]?.body["user_group_id"],
    ];
    for (const each of names) expect(each).toMatch(/^(?!.*--)[a-z][a-z0-9-]{0,38}[a-z0-9]$/);
  });
});
