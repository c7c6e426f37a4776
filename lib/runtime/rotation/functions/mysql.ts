import { lambda } from "../lambda";
import { mysql } from "../mysql";

/** Called by Terraform once, then by Secrets Manager. */
export const handler = lambda(mysql);
