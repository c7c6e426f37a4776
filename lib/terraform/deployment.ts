import type { Lifecycle, PostureDefaults } from "../posture";
import type { Account } from "./account";
import type { Statement } from "./allow";
import type { Naming } from "./naming";

/** What every construct of the library needs beside its own slice. */
export interface Deployment {
  readonly naming: Naming;
  /** For every resource that has tags; merged tags of the user and ours. */
  readonly tags: Readonly<Record<string, string>>;
  readonly account: Account;
  readonly lifecycle: Lifecycle;
  readonly defaults: PostureDefaults;
  /**
   * Path and boundary of every role, and statements that every role with rights also carries: our own denials, where
   * the boundary is one that the organisation demands.
   */
  readonly iam: {
    readonly path: string;
    readonly boundaryArn: string;
    /** Whether that is the library's own boundary, in place of which a wider one of ours may stand. */
    readonly ours: boolean;
    readonly denied: readonly Statement[];
  };
}
