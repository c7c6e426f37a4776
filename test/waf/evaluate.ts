import type { WafRule } from "../../lib/waf/rules";
import type { Component, Transform, WafStatement } from "../../lib/waf/statement";

/** A request as the firewall sees it. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
  readonly country: string;
}

/**
 * A model of AWS WAF, made from its documentation: what the rules of ours that are no managed groups and no rates do
 * with a request. The name of the rule that blocks it, and of those that counted it.
 */
export function evaluate(
  rules: readonly WafRule[],
  request: Request,
): { blockedBy?: string; counted: string[] } {
  const counted: string[] = [];
  for (const { name, statement, action } of [...rules].sort((a, b) => a.priority - b.priority)) {
    if (!matches(statement, request)) continue;
    if (action.kind === "count") counted.push(name);
    else return { blockedBy: name, counted };
  }
  return { counted };
}

function matches(statement: WafStatement, request: Request): boolean {
  switch (statement.kind) {
    case "longer": {
      if (statement.part.kind === "body") return request.bodyBytes > statement.bytes;
      const value = read(statement.part, request);
      return value !== undefined && value.length > statement.bytes;
    }
    case "text": {
      const value = transformed(read(statement.part, request), statement.after);
      if (value === undefined) return false;
      return statement.how === "EXACTLY" ? value === statement.text : value.startsWith(statement.text);
    }
    case "regex": {
      const value = transformed(read(statement.part, request), statement.after);
      return value !== undefined && new RegExp(statement.pattern).test(value);
    }
    case "country":
      return statement.codes.includes(request.country);
    case "managed":
    case "rate":
      return false;
    case "all":
      return statement.of.every((inner) => matches(inner, request));
    case "any":
      return statement.of.some((inner) => matches(inner, request));
    case "not":
      return !matches(statement.of, request);
  }
}

function read(part: Component, request: Request): string | undefined {
  switch (part.kind) {
    case "path":
      return request.path;
    case "method":
      return request.method;
    case "query":
      return request.query;
    case "header":
      return request.headers[part.name];
    case "body":
      return undefined;
  }
}

function transformed(value: string | undefined, after: readonly Transform[]): string | undefined {
  if (value === undefined) return undefined;
  return after.reduce(
    (text, transform) => (transform === "LOWERCASE" ? text.toLowerCase() : decodeURIComponent(text)),
    value,
  );
}
