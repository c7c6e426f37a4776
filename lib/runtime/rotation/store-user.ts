import type { StoreUserSettings } from "../rotation-env";
import type { Kind } from "./kind";
import { randomText } from "./random-text";
import { awsStoreUsers, type StoreUsers } from "./store-users";

/** The login of a store's one user. A task takes `login`. */
export interface StoreUserValue {
  readonly username: string;
  readonly password: string;
  /** Works too until the rotation after, for tasks that started before the last one. Empty at first. */
  readonly previous: string;
  /** `USER:PASSWORD`, as `envoyproxy/ratelimit` reads it. */
  readonly login: string;
}

/** ElastiCache takes 16 to 128 characters. 48 of 62 are 285 bits. */
const LENGTH = 48;
/** Letters and digits: nothing that a `USER:PASSWORD` would be cut at. */
const PASSWORD = /^[A-Za-z0-9]{16,128}$/;

/** How long a change may take until it works. A function has sixty seconds in all. */
export const PATIENCE_MS = 45_000;
const EVERY_MS = 2_000;

/** What stands in for AWS and the clock in tests. */
export interface StoreUserTools {
  readonly users?: StoreUsers;
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/**
 * A password of an ElastiCache user. He may have two: the pending one is set beside the current one, so that nobody is
 * refused while tasks change over; the one before is shut out by that.
 */
export function storeUser(
  { userId, endpoint }: StoreUserSettings,
  { users = awsStoreUsers(endpoint), pause = wait }: StoreUserTools = {},
): Kind<StoreUserValue> {
  const random = randomText({ length: LENGTH });
  const value = (password: string, previous: string): StoreUserValue => ({
    username: userId,
    password,
    previous,
    login: `${userId}:${password}`,
  });
  const both = ({ password, previous }: StoreUserValue): string[] =>
    previous === "" ? [password] : [password, previous];
  /** A user who is being changed refuses another change. */
  const settled = async (): Promise<number> => {
    for (let waited = 0; ; waited += EVERY_MS) {
      const { status, passwords } = await users.describe(userId);
      if (status === "active") return passwords;
      if (status !== "modifying" || waited >= PATIENCE_MS)
        throw new Error(`the user of the store is ${status}, expected active`);
      await pause(EVERY_MS);
    }
  };
  const set = async (passwords: readonly string[]): Promise<void> => {
    await settled();
    await users.setPasswords(userId, passwords);
  };
  const test = async (tested: StoreUserValue): Promise<void> => {
    const passwords = await settled();
    const expected = both(tested).length;
    if (passwords < expected)
      throw new Error(`the user of the store has ${passwords} passwords, expected ${expected}`);
  };
  const fresh = (): StoreUserValue => value(random(), "");
  return {
    first: fresh,
    next: ({ password }) => value(random(), password),
    // The leaked one works until tasks know this one, and is not written down: nothing may bring it back.
    fresh,
    fault: ({ username, password, previous, login }) => {
      if (username !== userId) return "it is of another user";
      if (!isPassword(password)) return "its password is not of 16 to 128 letters and digits";
      if (previous !== "" && !isPassword(previous)) return "the password before is of another form";
      return login === `${userId}:${password}` ? undefined : "login is not made of user and password";
    },
    outside: {
      seed: async (current) => {
        await set(both(current));
        await test(current);
      },
      set: (pending, { password }) => set([pending.password, password]),
      test,
      shutOut: ({ password }) => set([password]),
    },
  };
}

function isPassword(text: unknown): text is string {
  return typeof text === "string" && PASSWORD.test(text);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
