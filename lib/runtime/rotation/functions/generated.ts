import { lambda } from "../lambda";
import { generated } from "../generated";

/** Called by Terraform once, then by Secrets Manager. */
export const handler = lambda(generated);
