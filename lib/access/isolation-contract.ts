/** Taking on a role with a session tag takes both. */
export const ASSUME = ["sts:AssumeRole", "sts:TagSession"] as const;

/** Variable of the server's container with the ARN of the role of its users. */
export const USER_ROLE_ENV = "HMCP_USER_ROLE_ARN";

/** End of the role's name after the server's. */
export function userRoleName(server: string): string {
  return `${server}-user`;
}
