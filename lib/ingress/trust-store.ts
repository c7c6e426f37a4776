import { createHash } from "node:crypto";
import { LbTrustStore } from "@cdktf/provider-aws/lib/lb-trust-store";
import { LbTrustStoreRevocation } from "@cdktf/provider-aws/lib/lb-trust-store-revocation";
import { Construct } from "constructs";
import type { Deployment } from "../terraform";
import type { TrustModel } from "./certificates-model";

/** The authorities whose certificates a listener takes. */
export interface TrustStoreProps {
  readonly on: Deployment;
  readonly slice: TrustModel;
}

/** A trust store: one that is there, or one made from a bundle and the lists of what was revoked. Cost: 5.60 US dollars a month. */
export class TrustStore extends Construct {
  public readonly arn: string;

  public constructor(scope: Construct, id: string, { on, slice }: TrustStoreProps) {
    super(scope, id);
    if (slice.kind === "existing") {
      this.arn = slice.arn;
      return;
    }
    const { bundle, revocations } = slice;
    this.arn = new LbTrustStore(this, "resource", {
      name: on.naming.name("clients", 32),
      caCertificatesBundleS3Bucket: bundle.bucket,
      caCertificatesBundleS3Key: bundle.key,
      caCertificatesBundleS3ObjectVersion: bundle.version,
      tags: { ...on.tags },
    }).arn;
    for (const { bucket, key, version } of revocations) {
      // By its name, so that another list moves none.
      const own = createHash("sha256").update(key).digest("hex").slice(0, 8);
      new LbTrustStoreRevocation(this, `revoked-${own}`, {
        trustStoreArn: this.arn,
        revocationsS3Bucket: bucket,
        revocationsS3Key: key,
        revocationsS3ObjectVersion: version,
      });
    }
  }
}
