import type * as DnsRecordModule from "@cdktf/provider-cloudflare/lib/dns-record";

/**
 * Cloudflare's DNS record, loaded when it is asked for: who keeps his names at AWS needs not install that provider.
 * Throws when it is missing.
 */
export function cloudflareDnsRecord(): typeof DnsRecordModule.DnsRecord {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return (require("@cdktf/provider-cloudflare/lib/dns-record") as typeof DnsRecordModule).DnsRecord;
  } catch (cause) {
    throw new Error("names at Cloudflare need the package @cdktf/provider-cloudflare: install it", { cause });
  }
}
