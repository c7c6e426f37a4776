import type { Waiver } from "../validation/waiver";

/**
 * Controls of what stands beside ours, and of attributes that no configuration of ours writes, whose findings may be waived
 * one at a time. Not among them is what is mended and never looked at: a part that is written twice
 * (`beside.written-once`), of which nobody knows what will be deployed.
 */
export const WAIVABLE = [
  "beside.attributes-known",
  "beside.groups-of-ours-alone",
  "beside.logs-of-the-account",
  "beside.names-lead-here",
  "beside.network-as-made",
  "beside.no-other-door",
  "beside.records-as-made",
  "beside.roles-as-made",
  "beside.run-by-us-alone",
  "beside.stores-as-made",
  "beside.values-unread",
] as const;

/**
 * Waives what one control found at one block, as somebody has seen it: the report prints what to write. Once the block
 * changes, or what it refers to, the waiver no longer holds.
 */
export interface BlockWaiver extends Waiver {
  /** Id of the control. */
  readonly control: (typeof WAIVABLE)[number];
  /** Address of the block in the written file, as `aws_lambda_permission.partner`. */
  readonly at: string;
  /** What the block said when it was looked at: `sha256:` and 64 characters, as the report prints it. */
  readonly seen: string;
}
