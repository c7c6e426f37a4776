import { alarmsControls } from "../alarms/controls";
import { auditControls } from "../audit/controls";
import { edgeControls } from "../edge/controls";
import { ingressControls } from "../ingress/controls";
import { networkControls } from "../network/controls";
import { wafControls } from "../waf/controls";
import type { Control } from "./control";

/** Every control of the library, in the order in which a request meets what they judge. */
export const CONTROLS: readonly Control[] = [
  ...networkControls,
  ...edgeControls,
  ...wafControls,
  ...ingressControls,
  ...auditControls,
  ...alarmsControls,
];
