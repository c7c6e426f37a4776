import { CONTROLS } from "../../../lib/checklist/controls";
import { html, Markup } from "../../../lib/checklist/html/markup";
import { page } from "../../../lib/checklist/html/page";
import { MANIFEST_KEY } from "../../../lib/checklist/manifest";
import { report } from "../../../lib/checklist/report";
import { Plan, type TerraformJson } from "../../../lib/terraform/plan";
import { synthExample } from "../../support/examples";

test.each([
  ["text", "<script>alert(1)</script>", "&#60;script&#62;alert(1)&#60;/script&#62;"],
  ["an attribute's end", `" onclick='x'`, "&#34; onclick=&#39;x&#39;"],
  ["an entity", "&lt;", "&#38;lt;"],
])("%s in a hole is only text", (_what, value, expected) => {
  expect(html`<p title="${value}">${value}</p>`.text).toBe(`<p title="${expected}">${expected}</p>`);
});

test("markup in a hole stays markup, lists are put together, nothing is nothing", () => {
  expect(html`${[html`<b>a</b>`, "<", 1]}${undefined}`).toEqual(new Markup("<b>a</b>&#60;1"));
});

/** Marks every text of a file, keys too, with what would be noticed in a page. */
function hostile(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith("${") ? value : `${value}<i>"'&`;
  if (Array.isArray(value)) return value.map(hostile);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hostile(item)]));
}

test("no value of a file becomes markup of the page", () => {
  const { source } = synthExample("complete");
  const entries = (source["//"] as Record<string, Record<string, object>>)[MANIFEST_KEY] ?? {};
  const json = {
    ...(hostile(source) as object),
    "//": {
      [MANIFEST_KEY]: Object.fromEntries(
        Object.entries(entries).map(([key, entry]) => [key, hostile(entry) as object]),
      ),
    },
  } as TerraformJson;
  const sources = [{ stack: 'a<i>"', file: "b<i>", plan: new Plan(json) }];
  const text = page(report(sources, CONTROLS, "2026-11-25"));
  expect(text).toContain("&#60;i&#62;");
  expect(text).not.toContain("<i>");
});

test("the page shows what stands in the file, and changes with it", () => {
  const plan = synthExample("complete");
  const shown = (of: Plan) => {
    const sources = [{ stack: "complete", file: "cdk.tf.json", plan: of }];
    return page(report(sources, CONTROLS, "2026-11-25"));
  };
  const text = shown(plan);
  for (const expected of [
    "acme-prod-orders",
    "mcp:refund",
    "month-end",
    "US dollars a month",
    "oncall@example.com",
  ]) {
    expect(text).toContain(expected);
  }
  const { aws_wafv2_web_acl: _, ...resource } = plan.source.resource ?? {};
  const less = shown(new Plan({ ...plan.source, resource }));
  expect(text).toContain("rules of a web ACL");
  expect(less).not.toContain("rules of a web ACL");
});
