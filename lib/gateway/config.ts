import type { PolicyStore } from "../policy-store/model";
import type { Image } from "../task/image";

/** The gateway beside every server: Envoy 1.40 or later, unmodified, the only container the load balancer reaches. */
export interface GatewayConfig {
  /** Envoy ≥ 1.40 by digest, from a registry that the tasks reach: `image("….dkr.ecr….amazonaws.com/envoy@sha256:…")`. */
  readonly image: Image;
  /** CPU units that the gateway may always take (1024 = one vCPU), 128 to 4096, out of the task's. @default 256 */
  readonly cpuUnits?: number;
  /** Memory in MiB, 128 to 8192, out of the task's; more ends the container. @default 256 */
  readonly memoryMib?: number;
  /** Largest request body in KiB, 1 to 1024. A body is read whole before it is judged; 250 KiB cost up to 20 ms. @default 64 */
  readonly maxBodyKib?: number;
  /**
   * Web origins that may call from a browser, as `https://app.example.com`, 0 to 50. Requests without `Origin` are
   * not touched by this.
   * @default none
   */
  readonly allowedOrigins?: readonly string[];
  /** Requests a second that one task takes in all, before authentication, 1 to 100000. @default 500 */
  readonly requestsPerSecond?: number;
  /**
   * Where policy and program of a gateway lie: in the task definition while they fit into its 64 KB, else in secrets that
   * it names by version and digest (`whenNeeded`); or there in any case (`always`), so that a server which shrinks again
   * takes nothing away from a task definition that is rolled back to. Each secret costs 0.40 US dollars a month; a server
   * has two to five.
   * @default "whenNeeded"
   */
  readonly policyStore?: PolicyStore;
}
