import { type Group } from "./exact";
import { call, LEGACY, legacy, malformed, mismatch, MODERN, modern, refusal, send } from "./messages";
import { PLAIN, LIST, LISTED, OLD_LIST, unsupported, header } from "./plain";
import { CALLS, goes, MIRRORS } from "./call-cases";
import { HEADERS, MESSAGES, VERSIONS } from "./message-cases";
import { EXACT, KEYS, ONLY_LEGACY, ONLY_MODERN, TOOLS } from "./policies";

/** Limits, each with what the service is told. */
const rated = (limits: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(limits).flatMap(([name, calls]) => [
      [name, `${calls}`],
      [`${name}_rate`, { requests_per_unit: calls, unit: "MINUTE" }],
    ]),
  );

export const POLICY_GROUPS: readonly Group[] = [
  { policy: TOOLS, env: KEYS, cases: [...HEADERS, ...MESSAGES, ...VERSIONS, ...MIRRORS, ...CALLS] },
  {
    policy: ONLY_MODERN,
    env: KEYS,
    cases: [
      ["a list where only the modern era is spoken", send(modern("tools/list")), LISTED],
      [
        "a legacy version where only the modern era is spoken",
        send(legacy("tools/list"), header(LEGACY)),
        unsupported('["2026-07-28"]', LEGACY),
      ],
      [
        "no version where only the modern era is spoken",
        send(legacy("tools/list")),
        mismatch("MCP-Protocol-Version is missing", { about: LIST }),
      ],
      [
        "an answer where only the modern era is spoken",
        send({ jsonrpc: "2.0", id: 7, result: {} }),
        malformed("not a JSON-RPC message"),
      ],
    ],
  },
  {
    policy: ONLY_LEGACY,
    env: KEYS,
    cases: [
      ["a list where only the legacy era is spoken", send(legacy("tools/list")), OLD_LIST],
      [
        "a modern version where only the legacy era is spoken",
        send(modern("tools/list")),
        unsupported('["2024-11-05","2025-03-26","2025-06-18","2025-11-25"]', MODERN),
      ],
    ],
  },
  {
    policy: EXACT,
    env: KEYS,
    cases: [
      ["a number for a service that counts", send(PLAIN), goes("plain", { judged: rated({ all: 600 }) })],
      [
        "two numbers for a service that counts",
        send(call("each")),
        goes("each", {
          judged: rated({ all: 600, each: 2 }),
          headers: { "x-envoy-upstream-rq-timeout-ms": "1500" },
        }),
      ],
    ],
  },
  {
    // A mistake in the reader is one of ours, not of the caller.
    policy: { ...TOOLS, depth: "four" },
    env: KEYS,
    cases: [
      [
        "a reader that fails",
        send(PLAIN),
        refusal({
          ...{ status: 500, code: -32603, message: "internal error", reason: "internal", id: null },
          logged: "gateway: attempt to compare string with number",
        }),
      ],
    ],
  },
];
