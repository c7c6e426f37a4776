import { lambda } from "../lambda";
import { postgres } from "../postgres";

/** Called by Terraform once, then by Secrets Manager. */
export const handler = lambda(postgres);
