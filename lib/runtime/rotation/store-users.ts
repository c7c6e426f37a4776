import { DescribeUsersCommand, ElastiCacheClient, ModifyUserCommand } from "@aws-sdk/client-elasticache";

/** A user of a store, as far as his passwords go. */
export interface StoreUser {
  /** `active` when he can log in with what was set last. */
  readonly status: string;
  /** Nothing where he logs in otherwise, or not at all. */
  readonly passwords: number;
}

/** The two calls to ElastiCache that changing a password needs. No error of theirs quotes one. */
export interface StoreUsers {
  describe(userId: string): Promise<StoreUser>;
  /** These passwords, two at most, are his from now on, and no others. */
  setPasswords(userId: string, passwords: readonly string[]): Promise<void>;
}

/**
 * ElastiCache itself, through the endpoint that was made for this.
 * @param client another client, in tests
 */
export function awsStoreUsers(
  endpoint: string,
  client: Pick<ElastiCacheClient, "send"> = new ElastiCacheClient({ endpoint }),
): StoreUsers {
  return {
    describe: (UserId) =>
      quiet("DescribeUsers", async () => {
        const { Users: [user] = [] } = await client.send(new DescribeUsersCommand({ UserId }));
        if (user === undefined) throw new Error("there is no such user");
        const { Type: type, PasswordCount: count = 0 } = user.Authentication ?? {};
        return { status: user.Status ?? "unknown", passwords: type === "password" ? count : 0 };
      }),
    setPasswords: (UserId, passwords) =>
      quiet("ModifyUser", async () => {
        const AuthenticationMode = { Type: "password" as const, Passwords: [...passwords] };
        await client.send(new ModifyUserCommand({ UserId, AuthenticationMode }));
      }),
  };
}

/** Errors by operation and name: their messages may quote what was sent. */
async function quiet<Result>(operation: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw new Error(`${operation} failed with ${error instanceof Error ? error.name : "an unknown error"}`);
  }
}
