import { allow, deny, type Conditions, type Statement } from "../terraform";

/** A role of another account, as a policy names it. */
export interface Writer {
  readonly Principal: { readonly AWS: string };
  readonly when: Conditions;
}

/** Where an archive's objects lie. */
export interface ArchivePlace {
  readonly bucketArn: string;
  /** Of the objects, `*` at its end. */
  readonly objectsArn: string;
}

/** By its account and name: a policy that names a role itself is refused while there is none. */
export function writerOf(accountArn: string, writerArn: string): Writer {
  return { Principal: { AWS: accountArn }, when: { ArnEquals: { "aws:PrincipalArn": writerArn } } };
}

/** Another account lets a writer in by its own policy, too; the writer's rights alone reach no further than theirs. */
export function delivered({ bucketArn, objectsArn }: ArchivePlace, { Principal, when }: Writer): Statement[] {
  return [
    {
      ...allow("DeliveryWrites", {
        actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
        on: { resources: [objectsArn] },
        when,
      }),
      Principal,
    },
    {
      ...allow("DeliveryFindsTheBucket", {
        actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        on: { resources: [bucketArn] },
        when,
      }),
      Principal,
    },
  ];
}

/** What nobody may do to an archived object. */
export const NEVER_DONE = [
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:PutObjectRetention",
  "s3:PutObjectLegalHold",
  "s3:BypassGovernanceRetention",
] as const;

/**
 * Denials on objects only, for everybody: whoever wants to undo them must change this policy first, which is seen.
 * Denials on the bucket's settings would bind the deployer as well; what guards the objects from those is the lock.
 */
export function protectedObjects(objectsArn: string, writerArn: string): Statement[] {
  const on = { resources: [objectsArn] };
  return [
    { ...deny("NobodyDeletesOrUnlocks", { actions: NEVER_DONE, on }), Principal: "*" },
    {
      ...deny("OnlyDeliveryWrites", {
        actions: ["s3:PutObject"],
        on,
        when: { ArnNotEquals: { "aws:PrincipalArn": writerArn } },
      }),
      Principal: "*",
    },
  ];
}

/** The writer's use of a key of the archive's account, in that key's policy. */
export function encrypts({ Principal, when }: Writer, region: string): Statement {
  return {
    ...allow("DeliveryEncrypts", {
      actions: ["kms:GenerateDataKey", "kms:Decrypt"],
      on: { everythingBecause: "in a key policy it means this key" },
      when: { ...when, StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    }),
    Principal,
  };
}
