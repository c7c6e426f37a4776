/**
 * An issuer's public keys, copied to a bucket on a schedule. One function outside the VPC reads the issuer; tasks read
 * the copy through the S3 endpoint and have no way to the internet. A new key of the issuer is taken by itself, within
 * `everyMinutes` and five more. Cost: about 0.50 US dollars a month.
 */
export interface MirroredKeysConfig {
  readonly kind: "mirrored";
  /**
   * The issuer's `jwks_uri`: https, with a certificate that public authorities vouch for, reachable from the internet.
   * At least one RSA key of 2048 bits or more with a `kid` must be there: the first deployment stops otherwise.
   */
  readonly uri: string;
  /**
   * Minutes between two copies, 5 to 60. An alarm rings after four without success; what was copied goes on working.
   * @default 15
   */
  readonly everyMinutes?: number;
  /**
   * Minutes for which a key is kept that the issuer has withdrawn, 6 to 1440, more than `everyMinutes`: tokens that it
   * signed last are taken until they end. A stolen key is taken as long, unless the function is told to forget at once
   * (docs/keys.md).
   * @default 60
   */
  readonly overlapMinutes?: number;
}
