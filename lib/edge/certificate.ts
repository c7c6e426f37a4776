import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Fn, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { Deployment } from "../terraform";
import { cloudflareDnsRecord } from "./cloudflare";
import type { CertificateConfig } from "./config";
import type { EdgeModel } from "./model";

/** Whose name, and who proves it. */
export interface CertificateProps {
  readonly on: Deployment;
  readonly slice: Pick<EdgeModel, "hostname" | "certificate">;
  /** Of the zone's account. @default as everything else */
  readonly dns?: TerraformProvider | undefined;
}

/** Seconds that resolvers may keep the validation record. It never changes for a name in an account. */
const VALIDATION_TTL_SECONDS = 300;

/**
 * The TLS certificate of the host name: issued by AWS, validated by DNS and renewed as long as the record stands; or
 * one that is there. Free of charge.
 */
export class Certificate extends Construct {
  /** Known when the certificate is valid: what uses it waits until then. */
  public readonly arn: string;
  private readonly dns: TerraformProvider | undefined;

  public constructor(scope: Construct, id: string, { on, slice, dns }: CertificateProps) {
    super(scope, id);
    const { hostname, certificate } = slice;
    this.dns = dns;
    this.arn = certificate.kind === "existing" ? certificate.arn : this.issue(on, hostname, certificate);
  }

  private issue(
    on: Deployment,
    hostname: string,
    zone: Exclude<CertificateConfig, { kind: "existing" }>,
  ): string {
    const certificate = new AcmCertificate(this, "resource", {
      domainName: hostname,
      validationMethod: "DNS",
      // A certificate that is not in the public logs is refused by browsers, and its misuse is seen by nobody.
      options: { certificateTransparencyLoggingPreference: "ENABLED" },
      tags: { ...on.tags },
      // The listener needs a certificate at every moment.
      lifecycle: { createBeforeDestroy: true },
    });
    const option = certificate.domainValidationOptions.get(0);
    const record = {
      name: option.resourceRecordName,
      type: option.resourceRecordType,
      value: option.resourceRecordValue,
    };
    return new AcmCertificateValidation(this, "validation", {
      certificateArn: certificate.arn,
      validationRecordFqdns: [this.prove(zone, record)],
    }).certificateArn;
  }

  /** Writes the record by which AWS sees that the name is ours; answers its full name. */
  private prove(
    zone: Exclude<CertificateConfig, { kind: "existing" }>,
    record: { readonly name: string; readonly type: string; readonly value: string },
  ): string {
    const { zoneId } = zone;
    switch (zone.kind) {
      case "route53":
        return new Route53Record(this, "proof", {
          ...(this.dns && { provider: this.dns }),
          zoneId,
          name: record.name,
          type: record.type,
          records: [record.value],
          ttl: VALIDATION_TTL_SECONDS,
          // The same for every certificate of this name in the account: another deployment may have written it.
          allowOverwrite: true,
        }).fqdn;
      case "cloudflare": {
        // Cloudflare keeps names without the last dot, and would see a change at every plan.
        const name = Fn.trimsuffix(record.name, ".") as string;
        const DnsRecord = cloudflareDnsRecord();
        new DnsRecord(this, "proof", {
          zoneId,
          name,
          type: record.type,
          content: Fn.trimsuffix(record.value, ".") as string,
          ttl: VALIDATION_TTL_SECONDS,
          proxied: false,
          comment: "AWS Certificate Manager: renewal needs this record",
        });
        return name;
      }
    }
  }
}
