import type { PolicyConfig } from "../../lib/policy";
import type { Answer } from "../support/envoy";
import { limitedServer } from "./limits-lab";

/** The client `one` may run two messages at the same time, of whatever kind; `slow` ends after three seconds. */
export function twoAtOnce(): PolicyConfig {
  const { clients, tools, ...rest } = limitedServer(100_000);
  const { callsAtOncePerTask: _tools, ...slow } = tools["slow"] as PolicyConfig["tools"][string];
  const one = clients["one"] as PolicyConfig["clients"][string];
  return {
    ...rest,
    clients: { ...clients, one: { ...one, callsAtOncePerTask: 2 } },
    tools: { ...tools, slow: { ...slow, timeoutSeconds: 3 } },
  };
}

/** How many were answered, and how many were refused. */
export const statuses = (answers: readonly Answer[]): number[] =>
  [200, 429].map((status) => answers.filter((one) => one.status === status).length);
