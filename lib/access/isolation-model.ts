import type { Check, Fields } from "../validation";
import { checkFolder, checkKey } from "./grants/arns";
import { checkSize, SID, type GrantModel } from "./grants/resolve";
import { keyRight, type Right, type RightTarget } from "./grants/right";
import { SENTENCE } from "./grants/sentence";
import { checkFolderGrant, checkItemsGrant, folderRights, itemsRights } from "./grants/storage";
import type {
  IsolationConfig,
  UserFolderGrant,
  UserGrant,
  UserItemsGrant,
  UserSecretsGrant,
} from "./isolation-config";

/** Per-user isolation with every default resolved. */
export interface IsolationModel {
  /** Name of the session tag. */
  readonly tag: string;
  /** What the role of one user may do: statements of its policy. */
  readonly rights: readonly UserRight[];
  /** What the task's own role is denied, so that there is no way round the tag. */
  readonly denials: readonly UserDenial[];
}

/** A statement of the user's role. */
export type UserRight = Omit<GrantModel, "access" | "window">;

/** The whole of something that users have parts of. */
export interface UserDenial {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly on: Exclude<RightTarget, { readonly everythingBecause: string }>;
}

/** The tag that is used when none is named. */
export const DEFAULT_TAG = "user";
/** Each is a denial in the task role's policy, which must fit beside the grants. */
const MAX_RIGHTS = 8;

/** A user's own name, which IAM fills in from the session. */
export function userVariable(tag: string): string {
  return `\${aws:PrincipalTag/${tag}}`;
}

/** Resolves per-user isolation. `tags` are those of the deployment: a role's own tag passes for the session's. */
export function resolveIsolation(
  config: IsolationConfig | undefined,
  check: Check,
  tags: readonly string[] = [],
): IsolationModel | undefined {
  if (config === undefined) return undefined;
  if (!check.object(config, { tag: true, may: true } satisfies Fields<IsolationConfig>)) return undefined;
  const before = check.problems.length;
  const { tag = DEFAULT_TAG, may } = config as IsolationConfig;
  checkTag(tag, check.at("tag"), tags);
  const at = check.at("may");
  const entries = at.present(may, "name at least one thing") ? at.entries(may, SID) : [];
  const count = Object.keys(may ?? {}).length;
  if (may !== undefined && (count < 1 || count > MAX_RIGHTS))
    at.problem(
      "out-of-range",
      `has ${count} entries, expected 1 to ${MAX_RIGHTS}`,
      "name what each user has a part of",
    );
  const parts = entries.map(([sid, grant, atGrant]) => {
    const part = partOf(grant, userVariable(tag), atGrant);
    if (atGrant.at("because").literal(grant?.because)) atGrant.at("because").text(grant?.because, SENTENCE);
    return {
      rights: part.rights.map(({ part: name, ...right }): UserRight => ({
        ...right,
        sid: `${sid}${name}`,
        because: grant?.because,
      })),
      denials: part.denied.map((denied, index): UserDenial => ({
        ...denied,
        sid: `Only${sid}OfOneUser${index === 0 ? "" : "List"}`,
      })),
    };
  });
  const rights = parts.flatMap((part) => part.rights);
  if (check.problems.length === before) checkSize(rights, check);
  return { tag, rights, denials: parts.flatMap((part) => part.denials) };
}

function checkTag(tag: string, check: Check, tags: readonly string[]): void {
  if (!check.literal(tag, "write the tag itself: policies are made of it")) return;
  const rule = {
    pattern: /^(?!aws)[A-Za-z][A-Za-z0-9_.-]*$/,
    form: "letters, digits, _ . -, not beginning with aws",
    max: 64,
  };
  // Keys of tags know no capitals.
  if (check.text(tag, rule) && tags.some((other) => other.toLowerCase() === tag.toLowerCase()))
    check.problem(
      "conflict",
      `is ${check.show(tag)}, a tag that every resource here has: it would pass for a user's`,
      "choose another",
    );
}

interface Part {
  readonly rights: readonly Right[];
  readonly denied: readonly Omit<UserDenial, "sid">[];
}

function partOf(grant: UserGrant, user: string, check: Check): Part {
  switch (grant?.kind) {
    case "s3":
      return folderOf(grant, user, check);
    case "dynamodb":
      return itemsOf(grant, user, check);
    case "secrets":
      return secretsOf(grant, user, check);
    default:
      check
        .at("kind")
        .oneOf<string>((grant as { kind?: unknown } | undefined)?.kind, ["s3", "dynamodb", "secrets"]);
      return { rights: [], denied: [] };
  }
}

function folderOf(grant: UserFolderGrant, user: string, check: Check): Part {
  check.object(grant, {
    kind: true,
    because: true,
    bucketArn: true,
    prefix: true,
    access: true,
    list: true,
    deletes: true,
    keyArn: true,
  } satisfies Fields<UserFolderGrant>);
  const { bucketArn, prefix = "" } = grant;
  if (prefix !== "") checkFolder(prefix, check.at("prefix"));
  checkFolderGrant(grant, check);
  return {
    rights: folderRights(grant, `${prefix}${user}/`),
    denied: [
      { actions: ["s3:*"], on: { resources: [`${bucketArn}/${prefix}*`] } },
      // Of the whole bucket: a list of what begins with half a folder's name shows all of it.
      { actions: ["s3:ListBucket*"], on: { resources: [bucketArn] } },
    ],
  };
}

function itemsOf(grant: UserItemsGrant, user: string, check: Check): Part {
  check.object(grant, {
    kind: true,
    because: true,
    tableArn: true,
    indexes: true,
    access: true,
    deletes: true,
    keyArn: true,
  } satisfies Fields<UserItemsGrant>);
  checkItemsGrant(grant, check);
  return {
    rights: itemsRights({ ...grant, leadingKeys: [user] }),
    denied: [{ actions: ["dynamodb:*"], on: { resources: [grant.tableArn, `${grant.tableArn}/*`] } }],
  };
}

function secretsOf(grant: UserSecretsGrant, user: string, check: Check): Part {
  check.object(grant, {
    kind: true,
    because: true,
    prefix: true,
    keyArn: true,
  } satisfies Fields<UserSecretsGrant>);
  const { prefix, keyArn } = grant;
  checkFolder(prefix, check.at("prefix"));
  checkKey(keyArn, check.at("keyArn"));
  const on = { here: ["secretsmanager", `secret:${prefix}*`] } as const;
  return {
    rights: [
      {
        part: "",
        actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        on,
        when: { StringEquals: { [`secretsmanager:ResourceTag/${tagOf(user)}`]: user } },
      },
      ...keyRight(keyArn, "secretsmanager", "decrypt"),
    ],
    denied: [{ actions: ["secretsmanager:*"], on }],
  };
}

function tagOf(user: string): string {
  return user.slice("${aws:PrincipalTag/".length, -1);
}
