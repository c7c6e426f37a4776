import { lambda } from "../lambda";
import { tlsCertificate } from "../tls-certificate";

/** Called by Terraform once, then by Secrets Manager. */
export const handler = lambda(tlsCertificate);
