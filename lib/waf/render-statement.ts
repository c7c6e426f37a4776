import type { Component, Transform, WafStatement } from "./statement";

type Rendered = Record<string, unknown>;

/**
 * A statement as Terraform JSON. In the bindings `statement` is `any` and reaches the file as it is, so the names here
 * are Terraform's own, in snake_case; whatever is misspelt would be found by nothing before `terraform validate`.
 */
export function renderStatement(statement: WafStatement): Rendered {
  switch (statement.kind) {
    case "longer":
      return {
        size_constraint_statement: {
          comparison_operator: "GT",
          size: statement.bytes,
          field_to_match: part(statement.part),
          text_transformation: transformations([]),
        },
      };
    case "text":
      return {
        byte_match_statement: {
          positional_constraint: statement.how,
          search_string: statement.text,
          field_to_match: part(statement.part),
          text_transformation: transformations(statement.after),
        },
      };
    case "regex":
      return {
        regex_match_statement: {
          regex_string: statement.pattern,
          field_to_match: part(statement.part),
          text_transformation: transformations(statement.after),
        },
      };
    case "country":
      return { geo_match_statement: { country_codes: [...statement.codes] } };
    case "managed":
      return {
        managed_rule_group_statement: {
          vendor_name: "AWS",
          name: statement.group,
          ...(statement.counted.length > 0
            ? {
                rule_action_override: statement.counted.map((name) => ({
                  name,
                  action_to_use: { count: {} },
                })),
              }
            : {}),
        },
      };
    case "rate":
      return {
        rate_based_statement: {
          limit: statement.requests,
          evaluation_window_sec: statement.windowSeconds,
          aggregate_key_type: "IP",
        },
      };
    case "all":
      return { and_statement: { statement: statement.of.map(renderStatement) } };
    case "any":
      return { or_statement: { statement: statement.of.map(renderStatement) } };
    case "not":
      return { not_statement: { statement: [renderStatement(statement.of)] } };
  }
}

function part(component: Component): Rendered {
  switch (component.kind) {
    case "path":
      return { uri_path: {} };
    case "method":
      return { method: {} };
    case "query":
      return { query_string: {} };
    case "header":
      return { single_header: { name: component.name } };
    case "body":
      return { body: { oversize_handling: "MATCH" } };
  }
}

function transformations(after: readonly Transform[]): Rendered[] {
  const types = after.length === 0 ? ["NONE"] : after;
  return types.map((type, priority) => ({ priority, type }));
}
