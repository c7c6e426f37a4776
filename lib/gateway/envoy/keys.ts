import { MIRROR_OBJECT } from "../../runtime/mirror-env";
import type { IssuerPolicy, PolicyDocument } from "../../policy/document";
import type { RenderedGateway } from ".";
import { oneEndpoint, typed, type Json } from "./types";

/**
 * Stands for the host of the bucket with the mirrored keys until it is known, which is at deployment: as long as the
 * longest there can be (63 characters of a bucket, `.s3.`, 14 of a region, `.amazonaws.com.cn`), so that the byte budget
 * is judged at its worst, and a name that leads nowhere.
 */
export const KEYS_HOST = `${"k".repeat(90)}.invalid`;

/** Name of the cluster behind mirrored keys. */
export const KEYS_CLUSTER = "keys";

/**
 * Public authorities, as every official image of Envoy has them, the distroless ones too. Envoy does not start where the
 * file is missing.
 */
export const TRUSTED_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";

/** Until a new set of keys is in use, after the mirror has it. */
export const KEYS_CACHE_SECONDS = 300;

/** Where a provider of `jwt_authn` finds its keys. */
export function keySource({ jwks, mirror }: IssuerPolicy): Json {
  if (mirror === undefined) return { local_jwks: { inline_string: JSON.stringify(jwks) } };
  return {
    remote_jwks: {
      http_uri: { uri: `https://${KEYS_HOST}/${MIRROR_OBJECT}`, cluster: KEYS_CLUSTER, timeout: "5s" },
      cache_duration: `${KEYS_CACHE_SECONDS}s`,
      // In the background: the last set stays in use while S3 does not answer, or answers with an empty one. A task opens
      // its port only after it has asked once (no `fast_listener`), so that a new one refuses nobody for want of keys.
      async_fetch: { fast_listener: false, failed_refetch_duration: "10s" },
      retry_policy: { num_retries: 3, retry_back_off: { base_interval: "0.5s", max_interval: "4s" } },
    },
  };
}

/** The bucket with the keys, where some are mirrored: TLS, and a certificate of exactly this host. */
export function keysCluster(policy: PolicyDocument): Json[] {
  if (policy.issuers.every(({ mirror }) => mirror === undefined)) return [];
  return [
    {
      name: KEYS_CLUSTER,
      cluster_type: {
        name: "envoy.clusters.dns",
        typed_config: typed("extensions.clusters.dns.v3.DnsCluster", {
          respect_dns_ttl: true,
          dns_lookup_family: "V4_ONLY",
          all_addresses_in_single_endpoint: true,
        }),
      },
      connect_timeout: "2s",
      load_assignment: oneEndpoint(KEYS_CLUSTER, KEYS_HOST, 443),
      transport_socket: {
        name: "envoy.transport_sockets.tls",
        typed_config: typed("extensions.transport_sockets.tls.v3.UpstreamTlsContext", {
          sni: KEYS_HOST,
          common_tls_context: {
            tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
            validation_context: {
              trusted_ca: { filename: TRUSTED_AUTHORITIES },
              match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: KEYS_HOST } }],
            },
          },
        }),
      },
    },
  ];
}

/** The same gateway with the bucket's own host, which may be a token. */
export function withKeysHost(rendered: RenderedGateway, host: string): RenderedGateway {
  const text = JSON.stringify(rendered.bootstrap).replaceAll(KEYS_HOST, () => host);
  return { ...rendered, bootstrap: JSON.parse(text) as Json };
}
