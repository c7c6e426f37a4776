import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { policyDemands } from "../../lib/audit/given-demands";
import { bucketDemands, type BucketDemand } from "../../lib/audit/policy-demands";
import { logsDemands } from "../../lib/ingress/given-logs-demands";
import { scratch } from "../support/scratch";
import { TerraformRun } from "../support/terraform";
import { describeWith } from "../support/toolchain";

const BUCKET = "arn:aws:s3:::org-log-archive";
const OBJECTS = `${BUCKET}/mcp/acme/*`;
const WRITER = "arn:aws:iam::123456789012:role/mcp/acme-prod-audit-delivery";
type Statement = Record<string, unknown>;

const everything = { Effect: "Deny", Principal: "*", Action: ["s3:*"], Resource: [BUCKET, OBJECTS] };
/** As `archiveOwner` says it. */
const FIT: readonly Statement[] = [
  {
    Sid: "NobodyDeletesOrUnlocks",
    Effect: "Deny",
    Principal: "*",
    Action: [
      "s3:DeleteObject",
      "s3:DeleteObjectVersion",
      "s3:PutObjectRetention",
      "s3:PutObjectLegalHold",
      "s3:BypassGovernanceRetention",
    ],
    Resource: [OBJECTS],
  },
  {
    Sid: "OnlyDeliveryWrites",
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:PutObject"],
    Resource: [OBJECTS],
    Condition: { ArnNotEquals: { "aws:PrincipalArn": WRITER } },
  },
  { ...everything, Sid: "TlsOnly", Condition: { Bool: { "aws:SecureTransport": "false" } } },
];
const [deletes, writes, tls] = FIT as [Statement, Statement, Statement];

/** A policy, and which of the four demands it does not meet. */
const POLICIES: Readonly<Record<string, readonly [policy: unknown, unmet: readonly number[]]>> = {
  "as it has to be": [FIT, []],
  "in AWS's other ways of writing": [
    [
      { ...deletes, Principal: { AWS: "*" }, Action: "s3:*", Resource: "*" },
      { ...writes, Resource: `${BUCKET}/*`, Condition: { ArnNotEquals: { "aws:PrincipalArn": [WRITER] } } },
      { ...tls, Action: "s3:*", Resource: OBJECTS },
    ],
    [],
  ],
  "with an allowance for others beside it": [
    [
      ...FIT,
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::210987654321:root" },
        Action: "s3:GetObject",
        Resource: "*",
      },
    ],
    [],
  ],
  "one statement that is no list": [tls, [0, 1]],
  "without any": [[], [0, 1, 2]],
  "one action may be done": [
    [{ ...deletes, Action: (deletes["Action"] as string[]).slice(1) }, writes, tls],
    [0],
  ],
  "deletion is denied to some": [[{ ...deletes, Principal: { AWS: WRITER } }, writes, tls], [0]],
  "deletion is denied under a condition": [
    [{ ...deletes, Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } }, writes, tls],
    [0],
  ],
  "deletion is denied elsewhere": [[{ ...deletes, Resource: `${BUCKET}/other/*` }, writes, tls], [0]],
  "deletion is allowed": [[{ ...deletes, Effect: "Allow", Condition: tls["Condition"] }, writes, tls], [0]],
  "what is denied is what is not named": [
    [{ Effect: "Deny", Principal: "*", NotAction: ["s3:GetObject"], Resource: OBJECTS }, writes, tls],
    [0],
  ],
  "another may write": [
    [
      deletes,
      { ...writes, Condition: { ArnNotEquals: { "aws:PrincipalArn": [WRITER, `${WRITER}2`] } } },
      tls,
    ],
    [1],
  ],
  "any role of the account may write": [
    [
      deletes,
      { ...writes, Condition: { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/*" } } },
      tls,
    ],
    [1],
  ],
  "writing is denied in one region alone": [
    [
      deletes,
      {
        ...writes,
        Condition: {
          ArnNotEquals: { "aws:PrincipalArn": WRITER },
          StringEquals: { "aws:RequestedRegion": "us-east-1" },
        },
      },
      tls,
    ],
    [1],
  ],
  "clear text is welcome": [[deletes, writes], [2]],
  "clear text alone is welcome": [
    [deletes, writes, { ...tls, Condition: { Bool: { "aws:SecureTransport": "true" } } }],
    [2],
  ],
  "everybody is let in": [
    [...FIT, { Effect: "Allow", Principal: { AWS: "*" }, Action: "s3:GetObject", Resource: "*" }],
    [3],
  ],
};

const LOGS = "arn:aws:s3:::org-lb-logs";
const FOLDERS = ["access", "connection", "health-check"].map(
  (kind) => `${LOGS}/mcp/acme/${kind}/AWSLogs/123456789012/*`,
);
const delivers: Statement = {
  Effect: "Allow",
  Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
  Action: "s3:PutObject",
  Resource: FOLDERS,
  Condition: {
    ArnLike: { "aws:SourceArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/*" },
  },
};
const clear: Statement = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [LOGS, `${LOGS}/mcp/acme/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
/** A policy of a bucket for logs, and which of the five demands it does not meet. */
const LOG_POLICIES: Readonly<Record<string, readonly [policy: unknown, unmet: readonly number[]]>> = {
  "logs: as it has to be": [[delivers, clear], []],
  "logs: wider, for other load balancers too": [
    [
      { ...delivers, Resource: `${LOGS}/*` },
      { ...clear, Principal: { AWS: "*" }, Resource: `${LOGS}/*` },
    ],
    [],
  ],
  "logs: one kind may not be written": [[{ ...delivers, Resource: FOLDERS.slice(1) }, clear], [0]],
  "logs: another account's may be written": [
    [{ ...delivers, Resource: FOLDERS.map((one) => one.replace("123456789012", "210987654321")) }, clear],
    [0, 1, 2],
  ],
  "logs: writing is denied": [
    [{ ...delivers, Effect: "Deny" }, clear],
    [0, 1, 2],
  ],
  "logs: another service writes": [
    [{ ...delivers, Principal: { Service: "delivery.logs.amazonaws.com" } }, clear],
    [0, 1, 2],
  ],
  "logs: clear text is welcome": [[delivers], [3]],
  "logs: everybody is let in": [
    [delivers, clear, { Effect: "Allow", Principal: "*", Action: "s3:PutObject", Resource: "*" }],
    [4],
  ],
};

const HOSTS: Readonly<Record<string, boolean>> = {
  "org-log-archive.s3.eu-west-1.amazonaws.com": true,
  "org-log-archive.s3.us-east-1.amazonaws.com": false,
  "eu-west-1.s3.us-east-1.amazonaws.com": false,
};

describeWith(["terraform"], "the conditions on a bucket that is there, as Terraform reads them", () => {
  let found: Record<string, unknown>;
  beforeAll(async () => {
    const demands = policyDemands({
      objects: JSON.stringify(OBJECTS),
      whole: JSON.stringify(`${BUCKET}/*`),
      writer: JSON.stringify(WRITER),
    });
    const locals: Record<string, string> = {};
    const output: Record<string, { value: unknown }> = {};
    const written = (policies: typeof POLICIES, asked: readonly BucketDemand[], name: string) =>
      Object.values(policies).forEach(([Statement], index) => {
        locals[`${name}${index}`] = JSON.stringify({ Version: "2012-10-17", Statement });
        const value = asked.map(
          ({ condition }) => `\${${condition.replaceAll("self.policy", `local.${name}${index}`)}}`,
        );
        output[`${name}${index}`] = { value };
      });
    const ofLogs = logsDemands({
      folders: FOLDERS.map((folder) => JSON.stringify(folder)),
      objects: JSON.stringify(`${LOGS}/mcp/acme/*`),
      whole: JSON.stringify(`${LOGS}/*`),
    });
    written(POLICIES, demands, "p");
    written(LOG_POLICIES, ofLogs, "l");
    const [demand] = bucketDemands('"eu-west-1"');
    const value = Object.keys(HOSTS).map(
      (host) => `\${${demand?.condition.replace("self.bucket_regional_domain_name", JSON.stringify(host))}}`,
    );
    const file = join(scratch("given-archive-conditions"), "cdk.tf.json");
    writeFileSync(file, JSON.stringify({ locals, output: { ...output, hosts: { value } } }));
    const run = await TerraformRun.start(file, { name: "given-archive-conditions-run" });
    const { errors } = await run.apply();
    expect(errors).toEqual([]);
    found = await run.outputs();
  }, 60_000);

  const rows = [
    ...Object.entries(POLICIES).map(([what, [, unmet]], index) => [what, `p${index}`, 4, unmet] as const),
    ...Object.entries(LOG_POLICIES).map(([what, [, unmet]], index) => [what, `l${index}`, 5, unmet] as const),
  ];
  it.each(rows)("%s", (_what, name, demands, unmet) =>
    expect(found[name]).toEqual(Array.from({ length: demands }, (_one, demand) => !unmet.includes(demand))),
  );

  it("takes a bucket of the region alone", () => expect(found["hosts"]).toEqual(Object.values(HOSTS)));
});
