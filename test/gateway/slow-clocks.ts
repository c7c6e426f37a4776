import type { Bootstrap } from "../support/envoy";
import type { Data } from "./limits-lab";
import { managerOf } from "./wire-mutants";

/** How long a client may take, as it is rendered, and as a test waits for it. */
export const CLOCKS = {
  handshake: { seconds: 5, shortMs: 700 },
  headers: { seconds: 10, shortMs: 700 },
  body: { seconds: 30, shortMs: 900 },
  taking: { seconds: 30, shortMs: 900 },
  reading: { seconds: 30, shortMs: 900 },
} as const;

/** The place of each in a configuration. */
const PLACES: Readonly<Record<keyof typeof CLOCKS, (bootstrap: Bootstrap) => readonly [Data, string]>> = {
  handshake: ({ static_resources: { listeners } }) => [
    listeners[0]?.filter_chains[0] as unknown as Data,
    "transport_socket_connect_timeout",
  ],
  headers: (bootstrap) => [managerOf(bootstrap), "request_headers_timeout"],
  body: (bootstrap) => [managerOf(bootstrap), "request_timeout"],
  taking: (bootstrap) => [managerOf(bootstrap), "stream_flush_timeout"],
  reading: ({ static_resources: { listeners } }) => [
    ((listeners[0] as unknown as Data).socket_options as Data[])[0] as Data,
    "int_value",
  ],
};

/** What a configuration says of each. */
export function clocksOf(bootstrap: Bootstrap): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(PLACES).map(([clock, place]) => {
      const [where, name] = place(bootstrap);
      return [clock, where[name]];
    }),
  );
}

/** Lets all of them run out soon. */
export function impatient(bootstrap: Bootstrap): void {
  for (const [clock, place] of Object.entries(PLACES) as [keyof typeof CLOCKS, (typeof PLACES)["body"]][]) {
    const [where, name] = place(bootstrap);
    const { shortMs } = CLOCKS[clock];
    where[name] = typeof where[name] === "number" ? shortMs : `${shortMs / 1000}s`;
  }
}

/** Takes them away, and the limit of connections. */
export function patient(bootstrap: Bootstrap): void {
  const overload = (bootstrap as unknown as Data).overload_manager as Data;
  overload.resource_monitors = (overload.resource_monitors as Data[]).filter(
    ({ name }) => !`${String(name)}`.endsWith("max_connections"),
  );
  for (const place of Object.values(PLACES)) {
    const [where, name] = place(bootstrap);
    where[name] = typeof where[name] === "number" ? 0 : "0s";
  }
}
