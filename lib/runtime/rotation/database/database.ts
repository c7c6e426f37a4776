import type { DatabaseValue } from "../../rotation-env";
import type { Kind } from "../kind";
import { randomText } from "../random-text";
import type { SecretStore } from "../store";
import { adminLogin } from "./admin";
import type { Credentials, Dialect } from "./dialect";
import { checkSettings, isName, type DatabaseSettings } from "./names";
import { LoginRefused, type Connect, type Login, type Session } from "./session";

/** 40 characters of 62 are 238 bits. */
const newPassword = randomText({ length: 40 });
/** What others made may be shorter, and hold what a URL writes differently. */
const PASSWORD = /^[!-~]{16,128}$/;

type Unjudged = Readonly<Record<string, unknown>>;

/**
 * A login of a database. With two users the next value is about the one that nobody has been told of for a whole
 * period, so nobody is refused, however late; that is why no `next` is announced. With one, new connections are
 * refused from `setSecret` on until their callers know the new value.
 */
export function database(
  settings: DatabaseSettings,
  { store, connect, dialect }: { store: Pick<SecretStore, "read">; connect: Connect; dialect: Dialect },
): Kind<DatabaseValue> {
  checkSettings(settings);
  const { engine, host, port, database: name, role, users } = settings;

  const assemble = (user: Credentials, previous: Credentials | null): DatabaseValue => {
    const login = `${encodeURIComponent(user.username)}:${encodeURIComponent(user.password)}`;
    const query = new URLSearchParams(dialect.query).toString();
    const url = `${dialect.scheme}://${login}@${host}:${port}/${name}?${query}`;
    return { engine, ...user, host, port, database: name, url, previous };
  };
  const first = (): DatabaseValue => assemble({ username: users[0], password: newPassword() }, null);
  /** With one user, or with users renamed, the first that is not in use; else the same again. */
  const other = ({ username }: Credentials): Credentials => ({
    username: users.find((user) => user !== username) ?? users[0],
    password: newPassword(),
  });

  const unfollowable = ({ engine: of, username, password, previous }: Unjudged): string | undefined => {
    if (of !== engine) return "it is of another engine";
    if (!isName(username, engine)) return "username is none that a user may have";
    if (!isPassword(password)) return "password is not of 16 to 128 printable characters";
    if (previous === null) return undefined;
    const { username: before, password: old } = (previous ?? {}) as Unjudged;
    return isName(before, engine) && before !== username && isPassword(old)
      ? undefined
      : "previous is neither null nor another user and its password";
  };
  const fault = (value: Unjudged): string | undefined => {
    const found = unfollowable(value);
    if (found !== undefined) return found;
    const { username, password, previous } = value as unknown as DatabaseValue;
    if (!users.includes(username)) return "username is not one of the configured users";
    const expected = assemble({ username, password }, previous);
    const differing = (["host", "port", "database", "url"] as const).find(
      (key) => value[key] !== expected[key],
    );
    return differing === undefined ? undefined : `${differing} is not what is configured`;
  };

  const session = async <Result>(
    { username, password }: Credentials,
    use: (session: Session) => Promise<Result>,
    where: Pick<Login, "host" | "port" | "database"> = { host, port, database: name },
  ): Promise<Result> => {
    const opened = await connect({ ...where, username, password });
    try {
      return await use(opened);
    } finally {
      await opened.close();
    }
  };
  const asAdmin = async (use: (admin: Session) => Promise<void>): Promise<void> => {
    const { credentials, where } = await adminLogin(store, settings);
    await session(credentials, use, { ...where, database: engine === "postgres" ? name : undefined });
  };
  /** Why a value does not work, when the server was reached and said so. */
  const refusal = async (value: Credentials): Promise<string | undefined> => {
    try {
      const has = await session(value, (opened) => dialect.roleOf(opened));
      return role === undefined || has === role ? undefined : `${value.username} does not act as ${role}`;
    } catch (error) {
      if (error instanceof LoginRefused) return error.message;
      throw error;
    }
  };
  const test = async (value: Credentials): Promise<void> => {
    const why = await refusal(value);
    if (why !== undefined) throw new Error(why);
  };
  const make = ({ username, password }: Credentials): Promise<void> =>
    asAdmin((admin) => dialect.set(admin, username, password, role));

  return {
    first,
    next: (current) => {
      const user = other(current);
      const { username, password } = current;
      return assemble(user, user.username === username ? null : { username, password });
    },
    fresh: (current) => assemble(current === undefined ? first() : other(current), null),
    fault,
    unfollowable,
    outside: {
      test,
      seed: async (value) => {
        if ((await refusal(value)) === undefined) return;
        await make(value);
        await test(value);
      },
      set: async (pending, current) => {
        // Never the user of whoever is running, unless there is but one.
        if (pending.username === current.username && users.length === 2)
          throw new Error("the pending value is about the user that is in use");
        await make(pending);
      },
      shutOut: async (current, old) => {
        const known = [...users, old.username, ...(old.previous === null ? [] : [old.previous.username])];
        const gone = [...new Set(known)].filter((user) => user !== current.username);
        if (gone.length === 0) return;
        await asAdmin(async (admin) => {
          for (const user of gone) await dialect.shutOut(admin, user);
        });
      },
    },
  };
}

function isPassword(password: unknown): password is string {
  return typeof password === "string" && PASSWORD.test(password);
}
