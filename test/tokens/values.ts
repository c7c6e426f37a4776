import { goodServer } from "../support/config";

/** Names of things of the account, and the tool of `goodServer`. */
export const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;
export const key = (end: number) => arn("kms", `key/12345678-1234-1234-1234-12345678901${end}`);
export const secret = (name: string) => arn("secretsmanager", `secret:${name}-AbCdEf`);
export const search = goodServer().tools["search"] as NonNullable<
  ReturnType<typeof goodServer>["tools"][string]
>;
