import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { goodServer } from "../support/config";
import { validated } from "../support/provider-run";
import { REAL_VERSION, realSchema } from "../support/schema/real";
import { scratch } from "../support/scratch";
import { stripUnknown } from "../support/strip-unknown";
import { describeWith } from "../support/toolchain";
import { egressPlan } from "./fixture";

const BUDGET_S = 180;

/** Proxies, NAT gateways, the prefix list and endpoints of both kinds. */
const plan = () => {
  const because = "orders are sent to it";
  return egressPlan({
    servers: {
      orders: goodServer({
        downstream: {
          partners: { to: { domains: ["api.example.com", "*.example.net"] }, port: 443, because },
          queue: {
            to: {
              privateLink: {
                service: "com.amazonaws.eu-west-1.sqs",
                allow: {
                  actions: ["sqs:SendMessage"],
                  resources: ["arn:aws:sqs:eu-west-1:123456789012:orders"],
                },
              },
            },
            port: 443,
            because,
          },
          search: {
            to: {
              privateLink: {
                service: "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0",
                env: "SEARCH_HOST",
              },
            },
            port: 9200,
            because,
          },
        },
      }),
    },
  });
};

describeWith(["terraform"], `provider ${REAL_VERSION} accepts egress proxies and endpoints`, () => {
  it(
    "validates",
    async () => {
      const folder = scratch("egress-written");
      mkdirSync(folder, { recursive: true });
      const file = join(folder, "cdk.tf.json");
      const { json } = stripUnknown(plan().source as never, await realSchema());
      writeFileSync(file, JSON.stringify(json));
      expect(await validated(file, "egress-validate")).toEqual([]);
    },
    BUDGET_S * 1000,
  );
});
