import { lambda } from "../lambda";
import { clientKey } from "../client-key";

/** Called by Terraform once, then by Secrets Manager. */
export const handler = lambda(clientKey);
