import type { DatabaseValue } from "../../rotation-env";
import type { Session } from "./session";

/** What differs between servers. Every statement may be cut off and repeated. */
export interface Dialect {
  /** Scheme of a URL, and the query that makes a client check certificate and name. */
  readonly scheme: string;
  readonly query: Readonly<Record<string, string>>;
  /** Makes or changes a user, as whoever administers. `role` undefined: the user exists, and keeps the rights it has. */
  set(admin: Session, user: string, password: string, role: string | undefined): Promise<void>;
  /** The user can log in no more, if it exists. */
  shutOut(admin: Session, user: string): Promise<void>;
  /** The role that a new session has. */
  roleOf(session: Session): Promise<string>;
}

/** A value but for what is made of it. */
export type Credentials = Pick<DatabaseValue, "username" | "password">;
