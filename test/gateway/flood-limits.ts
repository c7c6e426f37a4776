import type { Bootstrap } from "../support/envoy";
import type { Data } from "./limits-lab";
import { managerOf } from "./wire-mutants";

const MANY = 1_000_000;
const http2 =
  (...names: readonly string[]) =>
  (bootstrap: Bootstrap) =>
    names.forEach((name) => ((managerOf(bootstrap).http2_protocol_options as Data)[name] = MANY));

/** Limits of our own listener, each taken away. */
export const LIMITS_GONE = {
  resets: (bootstrap: Bootstrap) => {
    const [layer] = (bootstrap as unknown as Data).layered_runtime.layers as Data[];
    (layer?.static_layer as Data)["overload.premature_reset_total_stream_count"] = MANY;
  },
  "empty frames": http2("max_consecutive_inbound_frames_with_empty_payload"),
  "frames that wait": http2("max_outbound_control_frames", "max_outbound_frames"),
  priorities: http2("max_inbound_priority_frames_per_stream"),
  windows: http2("max_inbound_window_update_frames_per_data_frame_sent"),
  streams: http2("max_concurrent_streams"),
  "what a broken message ends": (bootstrap: Bootstrap) => {
    managerOf(bootstrap).http2_protocol_options.override_stream_error_on_invalid_http_message = false;
  },
  headers: (bootstrap: Bootstrap) => {
    managerOf(bootstrap).common_http_protocol_options.max_headers_count = 200;
  },
  kilobytes: (bootstrap: Bootstrap) => {
    managerOf(bootstrap).max_request_headers_kb = 96;
  },
} as const;
