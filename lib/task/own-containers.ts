import { GATEWAY } from "../gateway/contract";
import { LIMITS } from "../limits/contract";

/** Names of the containers that we put into a server's tasks: the gateway, the server, and what counts where limits are exact. */
export const OWN_CONTAINERS: readonly string[] = [...Object.values(GATEWAY.containers), LIMITS.name];
