import { image, type BlockWaiver, type HardenedMcpConfig } from "../../lib";
import { goodConfig, goodServer } from "../support/config";
import { behind, logged } from "./corpus-given";
import { split } from "./corpus-split";
import { ofExample } from "./example-config";
import { arn, key, search, secret } from "./values";

/** A finding that somebody has looked at. */
const waived = (control: BlockWaiver["control"], at: string): BlockWaiver => ({
  ...{ control, at, seen: `sha256:${"0a".repeat(32)}` },
  ...{ waive: "the partner's own, reviewed", until: "2027-03-31" },
});

/** A network that is there. */
const NETWORK = {
  kind: "existing",
  vpcId: "vpc-0123456789abcdef0",
  vpcCidr: "10.80.0.0/16",
  loadBalancerSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  taskSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
} as const;

/** What stands there already, and every grant. */
const given = goodConfig({
  network: {
    ...NETWORK,
    endpoints: {
      kind: "existing",
      securityGroupId: "sg-0123456789abcdef0",
      s3PrefixListId: "pl-0123456789abcdef0",
      s3EndpointId: "vpce-0123456789abcdef0",
    },
    egress: { subnetIds: ["subnet-0123456789abcdef4", "subnet-0123456789abcdef5"] },
  },
  edge: {
    hostname: "mcp.example.com",
    certificate: { kind: "existing", arn: arn("acm", "certificate/11111111-2222-3333-4444-555555555555") },
    record: { kind: "none" },
    reach: { kind: "internal", cidrs: ["10.90.0.0/16"] },
  },
  ingress: {
    logs: { bucket: { kind: "new" } },
    clientCertificates: {
      requiredOf: "every-client-of-every-server",
      trust: {
        kind: "existing",
        arn: arn("elasticloadbalancing", "truststore/acme/0123456789abcdef"),
      },
    },
  },
  cluster: { kind: "existing", arn: arn("ecs", "cluster/shared") },
  keys: { kind: "existing", secretsKeyArn: key(1), auditKeyArn: key(2) },
  alarms: { notify: { topicArn: arn("sns", "oncall") } },
  iam: { boundaryArn: "arn:aws:iam::123456789012:policy/boundary", path: "/team/" },
  naming: { prefix: "eu1-mcp", pattern: "corp-{prefix}-{what}" },
  tags: { owner: "notes", "data-class": "internal", "cost-centre": "4711" },
  requiredTags: {
    owner: "any",
    "data-class": { oneOf: ["internal", "public"] },
    "cost-centre": { pattern: "[0-9]{4}" },
  },
  waivers: [waived("beside.no-other-door", "aws_apigatewayv2_vpc_link.partner")],
  servers: {
    notes: goodServer({
      tags: { "cost-centre": "0815" },
      waivers: [waived("beside.roles-as-made", "aws_iam_role_policy_attachment.partner")],
      era: "modern",
      auth: {
        jwt: {
          issuer: "https://login.example.com/",
          audience: "https://mcp.example.com/notes",
          algorithms: ["RS256", "ES256"],
          keys: {
            kind: "mirrored",
            uri: "https://login.example.com/keys",
            everyMinutes: 20,
            overlapMinutes: 90,
          },
        },
      },
      clients: {
        assistant: { identity: { kind: "apiKey" }, tools: ["search"] },
        desk: {
          identity: { kind: "mtls", subject: "CN=desk", issuer: "CN=ca", serial: "01AB" },
          tools: ["search"],
        },
      },
      limits: {
        scope: "exact",
        image: image(`123456789012.dkr.ecr.eu-west-1.amazonaws.com/ratelimit@sha256:${"c".repeat(64)}`),
        onFailure: "closed",
        callsPerMinutePerAddress: 2000,
        store: {
          kind: "existing",
          host: "limits.example.com",
          port: 6380,
          securityGroupId: "sg-0123456789abcdef2",
          login: { secretArn: secret("limits"), field: "login", keyArn: key(3) },
        },
      },
      grants: {
        Files: {
          kind: "s3",
          bucketArn: "arn:aws:s3:::notes-files",
          prefix: "notes/",
          access: "read",
          list: true,
          keyArn: key(4),
          because: "notes have files beside them",
        },
        Drops: {
          kind: "s3",
          bucketArn: "arn:aws:s3:::notes-drops",
          prefix: "drops/",
          access: "write",
          deletes: true,
          because: "files are dropped when a note goes",
        },
        Items: {
          kind: "dynamodb",
          tableArn: arn("dynamodb", "table/notes"),
          leadingKeys: ["team-a"],
          indexes: ["by-day"],
          access: "read",
          keyArn: key(5),
          because: "notes of the team are read",
        },
        Counts: {
          kind: "dynamodb",
          tableArn: arn("dynamodb", "table/counts"),
          access: "read",
          scan: true,
          because: "counts are read from end to end",
        },
        Queue: {
          kind: "sqs",
          queueArn: arn("sqs", "notes"),
          may: "send",
          keyArn: key(6),
          because: "changes are announced to others",
        },
        Seal: { kind: "kms", keyArn: key(7), via: "sqs", access: "write", because: "messages are sealed" },
        Token: {
          kind: "secret",
          secretArn: secret("token"),
          access: "read",
          keyArn: key(8),
          because: "a token is read when needed",
        },
        Metrics: {
          kind: "actions",
          access: "write",
          actions: ["cloudwatch:PutMetricData"],
          on: { everythingBecause: "this API has no resource-level permissions" },
          because: "numbers are shown on a dashboard",
        },
      },
      downstream: {
        list: { to: { prefixList: "pl-0123456789abcdef1" }, port: 8443, because: "partners of the team" },
        search: {
          to: {
            privateLink: {
              service: "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0",
              privateDns: false,
              env: "SEARCH_HOST",
            },
          },
          port: 443,
          because: "notes are searched elsewhere",
        },
      },
    }),
  },
});

/** The other branch of each choice, and every argument. */
const other = goodConfig({
  posture: "sandbox",
  network: {
    ...NETWORK,
    endpoints: {
      kind: "new",
      taskRouteTableIds: ["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
      mirroredKeysOf: ["orders"],
    },
  },
  edge: {
    hostname: "mcp.example.com",
    certificate: { kind: "cloudflare", zoneId: "0123456789abcdef0123456789abcdef" },
    record: { kind: "cloudflare", zoneId: "0123456789abcdef0123456789abcde0" },
    reach: { kind: "ranges", cidrs: ["203.0.113.0/24"] },
  },
  ingress: {
    loadBalancer: { kind: "new" },
    clientCertificates: {
      requiredOf: "every-client-of-every-server",
      trust: {
        kind: "new",
        bundle: { bucket: "acme-ca", key: "bundle.pem", version: "v1" },
        revocations: [{ bucket: "acme-crl", key: "crl.pem", version: "v2" }],
      },
    },
    logs: { waive: "a sandbox without logs", until: "2099-12-31" },
  },
  waf: {
    webAcl: { kind: "new" },
    commonRules: { waive: "a sandbox without rules", until: "2099-12-31" },
  },
  cluster: { kind: "new" },
  keys: { kind: "new" },
  audit: { archive: { bucket: { kind: "new" } } },
  gateway: { ...goodConfig().gateway, policyStore: "always" },
  servers: {
    notes: goodServer({
      limits: { scope: "divided", callsPerMinutePerAddress: 1000 },
      clients: {
        assistant: { identity: { kind: "apiKey" }, tools: ["search", "list"] },
        lister: { identity: { kind: "apiKey" }, tools: ["list"], callsAtOncePerTask: 4 },
      },
      tools: {
        search: {
          ...search,
          callsAtOncePerTask: 4,
          responses: {
            maxKib: 512,
            refuse: ["private-key", { name: "own", startsWith: "own_", then: "hex", atLeast: 12 }],
          },
          arguments: {
            word: { type: "string", minLength: 2, maxLength: 40, nullable: true },
            fixed: { type: "string", const: "fixed" },
            day: { type: "string", format: "date" },
            rank: { type: "integer", exclusiveMinimum: 1, exclusiveMaximum: 9, multipleOf: 2 },
            step: { type: "integer", enum: [1, 2] },
            one: { type: "integer", const: 1 },
            sure: { type: "boolean", const: true },
            words: {
              type: "array",
              items: { type: "string", maxLength: 9 },
              minItems: 1,
              maxItems: 9,
              uniqueItems: true,
            },
            thing: {
              type: "object",
              additionalProperties: false,
              minProperties: 1,
              maxProperties: 2,
              properties: { a: { type: "string", maxLength: 9 }, b: { type: "string", maxLength: 9 } },
            },
            way: {
              type: "object",
              oneOf: [
                { type: "object", properties: { kind: { type: "string", const: "a", required: true } } },
                { type: "object", properties: { kind: { type: "string", const: "b", required: true } } },
              ],
            },
          },
        },
        list: { access: "read", callsPerMinute: 10, timeoutSeconds: 10 },
      },
      secrets: {
        cookie: {
          kind: "generated",
          env: "COOKIE",
          alphabet: "abcdefghijklmnopqrstuvwxyz0123456789",
        },
        index: {
          kind: "mysql",
          engine: "mariadb",
          env: "INDEX",
          inject: "json",
          host: "index.example.com",
          port: 3307,
          database: "notes",
          role: "notes",
          users: { waive: "the vendor sells one login", until: "2099-12-31" },
          adminSecretArn: secret("admin"),
          adminKeyArn: key(9),
          reach: { cidr: "10.80.7.0/24" },
          clientCaFile: "/etc/ca.pem",
        },
      },
      downstream: {
        index: { to: { cidr: "10.80.7.0/24" }, port: 3307, because: "the index of notes lies there" },
      },
      isolation: {
        tag: "person",
        may: {
          Files: {
            kind: "s3",
            bucketArn: "arn:aws:s3:::notes-users",
            prefix: "users/",
            access: "read",
            because: "each user sees files of their own",
          },
          Items: {
            kind: "dynamodb",
            tableArn: arn("dynamodb", "table/users"),
            access: "read",
            because: "each user sees items of their own",
          },
          Tokens: {
            kind: "secrets",
            prefix: "acme/users/",
            keyArn: key(3),
            because: "each user has a token of their own",
          },
        },
      },
    }),
  },
});

/** Configurations that have every field between them, by a name for messages. Each is right as it stands. */
export const CORPUS: Readonly<Record<string, HardenedMcpConfig>> = {
  complete: ofExample("complete"),
  payments: ofExample("payments"),
  given,
  behind,
  logged,
  other,
  split,
};
