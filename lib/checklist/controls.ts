import { accessControls } from "../access/controls";
import { alarmsControls } from "../alarms/controls";
import { auditControls } from "../audit/controls";
import { givenArchiveControls } from "../audit/given-controls";
import { storeControls } from "../audit/store-controls";
import { besideControls } from "../beside/controls";
import { downstreamControls } from "../downstream/controls";
import { edgeControls } from "../edge/controls";
import { egressControls } from "../egress/controls";
import { gatewayControls } from "../gateway/controls";
import { gatewayPartControls } from "../gateway/part-controls";
import { renderedControls } from "../gateway/rendered-controls";
import { ingressControls } from "../ingress/controls";
import { givenControls } from "../ingress/given-controls";
import { givenLogsControls } from "../ingress/given-logs-controls";
import { keyMirrorControls } from "../key-mirror/controls";
import { limitsControls } from "../limits/controls";
import { limitStoreControls } from "../limits/store/controls";
import { mandatedControls } from "../network/mandated-controls";
import { networkControls } from "../network/controls";
import { policyStoreControls } from "../policy-store/controls";
import { secretsControls } from "../secrets/controls";
import { surroundingsControls } from "../secrets/surroundings-controls";
import { tagsControls } from "../tags/controls";
import { taskControls } from "../task/controls";
import { wafControls } from "../waf/controls";
import type { Control } from "./control";

/** Every control of the library, in the order in which a request meets what they judge. */
export const CONTROLS: readonly Control[] = [
  ...edgeControls,
  ...wafControls,
  ...networkControls,
  ...mandatedControls,
  ...ingressControls,
  ...givenControls,
  ...givenLogsControls,
  ...gatewayControls,
  ...renderedControls,
  ...gatewayPartControls,
  ...limitsControls,
  ...limitStoreControls,
  ...policyStoreControls,
  ...taskControls,
  ...downstreamControls,
  ...egressControls,
  ...secretsControls,
  ...surroundingsControls,
  ...keyMirrorControls,
  ...accessControls,
  ...auditControls,
  ...storeControls,
  ...givenArchiveControls,
  ...alarmsControls,
  ...besideControls,
  ...tagsControls,
];
