import { GATEWAY_DEFAULTS, resolveGateway } from "../../lib/gateway/model";
import type { GatewayConfig } from "../../lib/gateway/config";
import { Check } from "../../lib/validation";
import { IMAGE } from "./lab";

const problems = (config: object) => {
  const check = Check.start((value) => typeof value === "string" && value.includes("${"));
  resolveGateway({ image: IMAGE, ...config } as GatewayConfig, check);
  return check.problems.map(({ path, code }) => `${path} ${code}`);
};

test("every default is resolved", () => {
  const check = Check.start(() => false);
  expect(resolveGateway({ image: IMAGE }, check)).toEqual({ ...GATEWAY_DEFAULTS, image: IMAGE });
  expect(check.problems).toEqual([]);
});

test.each([
  ["an unknown field", { cpu: 1 }, ["cpu unknown-field"]],
  ["no image", { image: undefined }, ["image required"]],
  ["too little CPU", { cpuUnits: 64 }, ["cpuUnits out-of-range"]],
  ["too much memory", { memoryMib: 9000 }, ["memoryMib out-of-range"]],
  ["too large bodies", { maxBodyKib: 2048 }, ["maxBodyKib out-of-range"]],
  ["no requests", { requestsPerSecond: 0 }, ["requestsPerSecond out-of-range"]],
  ["a number that is not known", { maxBodyKib: "${x}" }, ["maxBodyKib token-not-allowed"]],
  ["an origin with a path", { allowedOrigins: ["https://a.example/x"] }, ["allowedOrigins[0] wrong-form"]],
  ["an origin without TLS", { allowedOrigins: ["http://a.example"] }, ["allowedOrigins[0] wrong-form"]],
  ["every origin", { allowedOrigins: ["*"] }, ["allowedOrigins[0] wrong-form"]],
  [
    "an origin twice",
    { allowedOrigins: ["https://a.example", "https://a.example"] },
    ["allowedOrigins[1] duplicate"],
  ],
])("%s", (_what, config, expected) => {
  expect(problems(config)).toEqual(expected);
});
