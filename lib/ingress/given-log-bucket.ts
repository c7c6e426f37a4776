import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { GivenBucket } from "../audit/given-bucket";
import { expressionOf, json, policyDocument, type Deployment } from "../terraform";
import { useProvider } from "../terraform/providers";
import { logsDemands } from "./given-logs-demands";
import type { GivenLogsModel } from "./given-logs-model";
import { logFolders, logStatements } from "./log-statements";

/** Which bucket. */
export interface GivenLogBucketProps {
  readonly on: Deployment;
  readonly slice: GivenLogsModel;
  /** Of the bucket's account, for reading. @default as everything else */
  readonly provider: TerraformProvider | undefined;
}

/** What the owner of a bucket for logs has to write into its policy, as JSON. */
export interface LogsOwner {
  /** A bucket policy, with the statements that have to be in the bucket's. */
  readonly bucketPolicy: string;
}

/** A bucket for the load balancer's logs that is there already: nothing of it is made or changed here. */
export class GivenLogBucket extends Construct {
  public readonly name: string;
  public readonly folder: string;
  public readonly owner: LogsOwner;
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { on, slice, provider }: GivenLogBucketProps) {
    super(scope, id);
    useProvider(this, provider);
    const { name, folder } = slice;
    this.folder = folder;
    const { account } = on;
    const arn = `arn:${account.partition}:s3:::${name}`;
    this.owner = { bucketPolicy: json(policyDocument(logStatements(account, arn, folder))) };
    if (slice.read === "never") {
      this.name = name;
      this.ready = [];
      return;
    }
    const bucket = new GivenBucket(this, "read", {
      name,
      region: account.region,
      purpose: "the load balancer's logs",
      policy: logsDemands({
        folders: logFolders(account.id, arn, folder).map(expressionOf),
        objects: expressionOf(`${arn}/${folder}*`),
        whole: expressionOf(`${arn}/*`),
      }),
    });
    this.name = bucket.name;
    this.ready = [bucket.policy];
  }
}
