/** Unit prices in US dollars. A month has 730 hours. */
export interface Prices {
  /** Where they hold, and when they were last looked at: nothing here asks AWS. */
  readonly source: string;
  readonly loadBalancerHour: number;
  /** Load balancer capacity unit. */
  readonly lcuHour: number;
  readonly publicIpv4Hour: number;
  readonly webAclMonth: number;
  /** Each rule or managed group of a web ACL. */
  readonly webAclRuleMonth: number;
  /** An interface endpoint in one zone. Gateway endpoints are free. */
  readonly endpointZoneHour: number;
  readonly natGatewayHour: number;
  readonly vcpuHour: { readonly ARM64: number; readonly X86_64: number };
  readonly memoryGbHour: { readonly ARM64: number; readonly X86_64: number };
  readonly keyMonth: number;
  readonly secretMonth: number;
  /** Each metric that an alarm looks at. */
  readonly alarmMonth: number;
  readonly customMetricMonth: number;
  readonly logGb: number;
  readonly logStoredGbMonth: number;
  readonly webAclMillionRequests: number;
  readonly firehoseGb: number;
  readonly archiveGbMonth: number;
  /** A node of ElastiCache for Valkey, by family and size; a size above `large` costs as many times its family's. */
  readonly valkeyNodeHour: Readonly<Record<string, number>>;
}

/** List prices of us-east-1 as remembered in November 2026. Other regions cost up to a third more. */
export const PRICES: Prices = {
  source: "list prices of us-east-1 as remembered in November 2026, not asked of AWS",
  loadBalancerHour: 0.0225,
  lcuHour: 0.008,
  publicIpv4Hour: 0.005,
  webAclMonth: 5,
  webAclRuleMonth: 1,
  endpointZoneHour: 0.01,
  natGatewayHour: 0.045,
  vcpuHour: { ARM64: 0.03238, X86_64: 0.04048 },
  memoryGbHour: { ARM64: 0.00356, X86_64: 0.004445 },
  keyMonth: 1,
  secretMonth: 0.4,
  alarmMonth: 0.1,
  customMetricMonth: 0.3,
  logGb: 0.5,
  logStoredGbMonth: 0.03,
  webAclMillionRequests: 0.6,
  firehoseGb: 0.029,
  archiveGbMonth: 0.023,
  valkeyNodeHour: {
    "t4g.micro": 0.0128,
    "t4g.small": 0.0256,
    "t4g.medium": 0.052,
    "t3.micro": 0.0136,
    "t3.small": 0.0272,
    "t3.medium": 0.0544,
    "m5.large": 0.1248,
    "m6g.large": 0.1192,
    "m7g.large": 0.1264,
    "r5.large": 0.1728,
    "r6g.large": 0.1648,
    "r7g.large": 0.1752,
  },
};

/** What is not in a synthesised file and must be guessed. */
export interface Usage {
  /** Requests a month, in millions. */
  readonly millionRequests: number;
  /** Bytes of audit, flow and firewall logs that a request leaves behind, all of them together. */
  readonly logBytesPerRequest: number;
}

/** One request every 2.6 seconds, around the clock. */
export const USAGE: Usage = { millionRequests: 1, logBytesPerRequest: 3_000 };
