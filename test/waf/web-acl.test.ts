import { embedded, type Block } from "../../lib/terraform/plan";
import { resolve, wafPlan } from "./fixture";

const plan = wafPlan();
const one = (type: string): Block => {
  const blocks = plan.blocks(type);
  expect(blocks).toHaveLength(1);
  return blocks[0] as Block;
};
type Rule = Record<string, unknown> & { name: string };
const rules = one("aws_wafv2_web_acl").body.rule as Rule[];

describe("the written rules", () => {
  test("each has a statement, one action and its own metric", () => {
    expect(rules).toHaveLength(12);
    for (const rule of rules) {
      expect(Object.keys(rule.statement as object)).toEqual([expect.stringMatching(/^[a-z_]+_statement$/)]);
      const { action, override_action: override } = rule;
      expect(Object.keys((action ?? override) as object)).toEqual([
        expect.stringMatching(/^(block|count|none)$/),
      ]);
      expect(action === undefined).not.toBe(override === undefined);
      expect(rule.visibility_config).toEqual({
        cloudwatch_metrics_enabled: true,
        metric_name: rule.name,
        sampled_requests_enabled: true,
      });
    }
  });
  test("nothing is in camelCase: Terraform's provider alone would find it", () => {
    const keys = (value: unknown): string[] =>
      typeof value !== "object" || value === null
        ? []
        : Object.entries(value).flatMap(([key, inner]) => [key, ...keys(inner)]);
    for (const rule of rules) for (const key of keys(rule)) expect(key).toMatch(/^([a-z_]+|\d+)$/);
  });
  test("no connective has less than two parts, and none nests deeper than three", () => {
    const depths: number[] = [];
    const walk = (statement: unknown, depth: number): void => {
      for (const [kind, body] of Object.entries(statement as Record<string, { statement?: unknown[] }>)) {
        if (!/^(and|or|not)_statement$/.test(kind)) continue;
        depths.push(depth);
        const parts = body.statement ?? [];
        expect(kind === "not_statement" ? parts.length === 1 : parts.length >= 2).toBe(true);
        parts.forEach((part) => walk(part, depth + 1));
      }
    };
    for (const rule of rules) walk(rule.statement, 1);
    for (const single of resolve(undefined, { allowedOrigins: ["https://a.example"] }).model.rules) {
      expect(JSON.stringify(single.statement)).not.toMatch(/"(any|all)","of":\[\{[^[\]]*\}\]/);
    }
    expect(Math.max(...depths)).toBe(3);
  });
  test.each([
    ["host", 421, undefined],
    ["path", 404, undefined],
    ["method", 405, [{ name: "Allow", value: "POST, GET, DELETE, OPTIONS" }]],
    ["per-ip", 429, [{ name: "Retry-After", value: "60" }]],
    ["query-credential", 400, undefined],
    ["origin", 403, undefined],
  ])("%s answers %d as JSON-RPC", (name, status, headers) => {
    const rule = rules.find((each) => each.name === name);
    expect(rule?.action).toEqual({
      block: {
        custom_response: {
          response_code: status,
          custom_response_body_key: name,
          ...(headers ? { response_header: headers } : {}),
        },
      },
    });
    const bodies = one("aws_wafv2_web_acl").body.custom_response_body as Record<string, string>[];
    const body = bodies.find(({ key }) => key === name);
    expect(body?.content_type).toBe("APPLICATION_JSON");
    expect(JSON.parse(body?.content ?? "")).toEqual({
      jsonrpc: "2.0",
      error: { code: -31000 - status, message: expect.any(String) },
    });
  });
  test.each([
    ["ip-reputation", []],
    ["anonymous-ips", ["HostingProviderIPList"]],
    ["known-bad-inputs", []],
    [
      "common-rules",
      [
        "NoUserAgent_HEADER",
        "SizeRestrictions_BODY",
        "CrossSiteScripting_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "EC2MetaDataSSRF_BODY",
      ],
    ],
  ])("%s blocks, but for what refuses MCP", (name, counted) => {
    const rule = rules.find((each) => each.name === name);
    expect(rule?.override_action).toEqual({ none: {} });
    const { managed_rule_group_statement: managed } = rule?.statement as Record<
      string,
      Record<string, unknown>
    >;
    const overrides = (managed?.rule_action_override ?? []) as unknown[];
    expect(overrides).toEqual(counted.map((each) => ({ name: each, action_to_use: { count: {} } })));
  });
  test("a group that only counts says so itself", () => {
    const counting = wafPlan(resolve({ commonRules: "count" }).model).blocks("aws_wafv2_web_acl");
    const found = (counting[0]?.body.rule as Rule[]).find(({ name }) => name === "common-rules");
    expect(found?.override_action).toEqual({ count: {} });
  });
  test("words of a user cannot become Terraform's", () => {
    const paths = ["/a${aws_lb.x.arn}/%{if true}"];
    const body = wafPlan(resolve(undefined, { paths }).model).blocks("aws_wafv2_web_acl")[0]?.body;
    // Text with `${` counts as known only at deployment for the checks; what is written is inert all the same.
    expect(JSON.stringify(body?.rule)).toContain("/a$${aws_lb.x.arn}/%%{if true}");
  });
});

describe("around the rules", () => {
  const acl = one("aws_wafv2_web_acl");
  test("every text has only what AWS takes", () => {
    expect(acl.body.description).toMatch(/^[\w+=:#@/\-,.][\w+=:#@/\-,.\s]+[\w+=:#@/\-,.]$/);
    for (const { name, rule_label: labels } of rules) {
      expect(name).toMatch(/^[\w-]{1,128}$/);
      for (const label of (labels ?? []) as { name: string }[])
        expect(label.name).toMatch(/^[\w\-:]{1,1024}$/);
    }
  });
  test("the load balancer is behind it", () => {
    const association = one("aws_wafv2_web_acl_association");
    expect(plan.target(association.body.resource_arn)?.type).toBe("aws_lb");
    expect(plan.target(association.body.web_acl_arn)).toBe(acl);
  });
  test("the log holds what was blocked or counted, and no credential", () => {
    const logging = one("aws_wafv2_web_acl_logging_configuration");
    const group = one("aws_cloudwatch_log_group");
    expect(logging.body).toMatchObject({
      resource_arn: `\${${acl.address}.arn}`,
      log_destination_configs: [`\${${group.address}.arn}`],
      redacted_fields: [
        { single_header: { name: "authorization" } },
        { single_header: { name: "x-api-key" } },
        { single_header: { name: "cookie" } },
        { single_header: { name: "mcp-session-id" } },
        { query_string: {} },
      ],
      logging_filter: {
        default_behavior: "DROP",
        filter: [
          {
            behavior: "KEEP",
            requirement: "MEETS_ANY",
            condition: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((action) => ({
              action_condition: { action },
            })),
          },
        ],
      },
    });
    expect(acl.body.data_protection_config).toEqual({
      data_protection: [
        {
          action: "SUBSTITUTION",
          field: {
            field_type: "SINGLE_HEADER",
            field_keys: ["authorization", "x-api-key", "cookie", "mcp-session-id"],
          },
        },
        { action: "SUBSTITUTION", field: { field_type: "QUERY_STRING" } },
        { action: "SUBSTITUTION", field: { field_type: "BODY" } },
      ],
    });
    expect(group.body).toMatchObject({
      name: "aws-waf-logs-acme-test-web-acl",
      retention_in_days: 400,
      kms_key_id: "arn:aws:kms:eu-west-1:1:key/k",
      deletion_protection_enabled: true,
    });
  });
  test("delivery may write this log for this account alone, and is there before the log is asked for", () => {
    const policy = one("aws_cloudwatch_log_resource_policy");
    const account = "${data.aws_caller_identity.account_identity_B7F107C0.account_id}";
    expect(embedded(policy.body.policy_document)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "WafWritesItsLog",
          Effect: "Allow",
          Principal: { Service: "delivery.logs.amazonaws.com" },
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [`\${${one("aws_cloudwatch_log_group").address}.arn}:*`],
          Condition: {
            StringEquals: { "aws:SourceAccount": account },
            ArnLike: { "aws:SourceArn": expect.stringMatching(/:logs:\$\{.*\}:\$\{.*\}:\*$/) },
          },
        },
      ],
    });
    expect(one("aws_wafv2_web_acl_logging_configuration").body.depends_on).toEqual([policy.address]);
  });
  test("where the log is waived there is none", () => {
    const waived = wafPlan(resolve({ logs: { waive: "sandbox of a day", until: "2027-01-31" } }).model);
    expect(waived.blocks("aws_wafv2_web_acl_logging_configuration", "aws_cloudwatch_log_group")).toEqual([]);
    expect(waived.blocks("aws_wafv2_web_acl")).toHaveLength(1);
  });
});
