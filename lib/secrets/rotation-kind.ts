/** Kinds of values that are rotated, named as their files in `runtime/rotation/functions/`. */
export type RotationKind =
  "generated" | "client-key" | "tls-certificate" | "postgres" | "mysql" | "store-user";
