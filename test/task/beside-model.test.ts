import { GATEWAY_DEFAULTS } from "../../lib/gateway/model";
import { POSTURES } from "../../lib/posture";
import type { RunConfig } from "../../lib/task/config";
import { image } from "../../lib/task/image";
import { resolveRun } from "../../lib/task/model";
import { Check, formatProblem } from "../../lib/validation";
import { isTestToken } from "../support/config";

const IMAGE = image(`acme/notes@sha256:${"b".repeat(64)}`);

function resolve(beside: unknown) {
  const check = Check.start(isTestToken).at("run");
  const posture = "production";
  const gateway = { ...GATEWAY_DEFAULTS, image: IMAGE };
  const model = resolveRun({ image: IMAGE, port: 3000, beside } as RunConfig, check, {
    ...{ gateway, posture, defaults: POSTURES[posture] },
  });
  return { beside: model.beside, problems: check.problems.map(formatProblem) };
}

test("containers beside a server are known by their names, with a reason each", () => {
  const because = "traces of what it does";
  expect(resolve({ tracer: { because }, agent: { because } })).toEqual({
    beside: { agent: because, tracer: because },
    problems: [],
  });
  expect(resolve(undefined)).toEqual({ beside: {}, problems: [] });
});

test.each<[string, unknown, string]>([
  [
    "no reason",
    { agent: {} },
    "run.beside.agent.because is missing; say why, for the reader of the task [required]",
  ],
  [
    "the name of one of ours",
    { gateway: { because: "it is ours already" } },
    "run.beside.gateway is a container of ours; name yours otherwise [conflict]",
  ],
  [
    "a name that ECS refuses",
    { "a b": { because: "it has a blank" } },
    'run.beside["a b"] is a name, expected letters, digits, _ and -; rename it [wrong-form]',
  ],
  [
    "too many",
    Object.fromEntries([..."abcdef"].map((name) => [name, { because: "they are many" }])),
    "run.beside has 6 entries, expected at most 5; remove some [over-budget]",
  ],
])("%s is refused", (_what, beside, problem) => {
  expect(resolve(beside).problems).toEqual([problem]);
});
