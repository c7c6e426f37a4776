import type { Conditions } from "../../terraform/allow";
import type { KeyService } from "../grant-config";

/** Resources of a right, as far as they are known without an account. */
export type RightTarget =
  | { readonly resources: readonly string[] }
  | { readonly everythingBecause: string }
  /** One of this account and region: `{ here: ["rds-db", "dbuser:db-X/reader"] }`. */
  | { readonly here: readonly [service: string, rest: string] };

/** One statement of a grant, before its name, its window and the account are known. */
export interface Right {
  /** Added to the grant's name: empty for the first, `List`, `Key`. */
  readonly part: string;
  readonly actions: readonly string[];
  readonly on: RightTarget;
  readonly when?: Conditions;
  /** The service through which alone a key is used. */
  readonly via?: KeyService;
}

/** Use of a key through a service; none where there is no key. */
export function keyRight(
  keyArn: string | undefined,
  via: KeyService,
  access: "decrypt" | "encrypt",
  when?: Conditions,
): Right[] {
  if (keyArn === undefined) return [];
  return [
    {
      part: "Key",
      // Who writes in parts, or into a queue, must read what was begun: every service asks for both.
      actions: access === "decrypt" ? ["kms:Decrypt"] : ["kms:Decrypt", "kms:GenerateDataKey"],
      on: { resources: [keyArn] },
      via,
      ...(when ? { when } : {}),
    },
  ];
}
