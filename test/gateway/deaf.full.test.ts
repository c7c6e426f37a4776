import { describeWith } from "../support/toolchain";
import type { Bootstrap } from "../support/envoy";
import { startBadServerLab } from "./bad-servers-lab";
import { CLIENTS, STREAMS, unread } from "./deaf-lab";
import { MAY_GROW_MIB } from "./flood-lab";
import type { Data } from "./limits-lab";
import { managerOf } from "./wire-mutants";

const CAP: [RegExp, string] = [
  /(local function judge_chunk.*?)if\(state\.lasting and state\.waiting or state\.bytes\)>state\.most then/s,
  "$1if false then",
];
/** Lets the gateway keep what nobody takes. */
const wide = (bootstrap: Bootstrap) => {
  const most = 64 * 1_048_576;
  Object.assign(bootstrap.static_resources.listeners[0] as object, {
    per_connection_buffer_limit_bytes: most,
  });
  for (const cluster of bootstrap.static_resources.clusters) cluster.per_connection_buffer_limit_bytes = most;
  const { http2_protocol_options: http2 } = managerOf(bootstrap) as { http2_protocol_options: Data };
  http2.initial_stream_window_size = most;
};
const flood = STREAMS["events without end"]?.writes as NonNullable<(typeof STREAMS)[string]>["writes"];
const deaf = CLIENTS["over HTTP/2, without a window"] as NonNullable<(typeof CLIENTS)[string]>;
const MAY_END_MS = 2500;

describeWith(["envoy"], "what holds a stream that nobody reads", () => {
  it("is, without the most that an answer may be, what the gateway keeps for one caller, and the tool's time", async () => {
    const lab = await startBadServerLab({ mutate: CAP });
    const { reasons, grownMib } = await unread(lab, flood, deaf, MAY_END_MS).finally(() => lab.stop());
    expect(reasons).toEqual(["timeout"]);
    expect(grownMib).toBeLessThan(2 * MAY_GROW_MIB);
  });

  it("is that alone: with room for more, memory grows", async () => {
    const lab = await startBadServerLab({ mutate: CAP, change: wide });
    const { grownMib } = await unread(lab, flood, deaf, MAY_END_MS).finally(() => lab.stop());
    expect(grownMib).toBeGreaterThan(2 * MAY_GROW_MIB);
  });
});
