import { endings } from "../ending";
import { isNotable } from "../formats/lines";
import { alone } from "../parts";
import { summary, type Report, type ReportedStack } from "../report";
import { alarms } from "./alarms";
import { costs } from "./costs";
import { attention } from "./attention";
import { deployment } from "./deployment";
import { evidence, resultOf } from "./evidence";
import { html, table, type Markup } from "./markup";
import { policySection } from "./policies";
import { reach } from "./reach";
import { requestWay } from "./request-way";
import { STYLE } from "./style";

/** One page that needs nothing else: no script, no request. It shows what stands in the report, and only that. */
export function page(report: Report): string {
  const title = `Security of ${report.stacks.map(({ stack }) => stack).join(", ")}`;
  // Nothing may be fetched, also where a value that is shown tried to.
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return `<!doctype html>
${
  html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      <title>${title}</title>
      <style>
        ${STYLE}
      </style>
    </head>
    <body>
      <a class="skip" href="#main">To the content</a>
      <header>
        <h1>${title}</h1>
        <p class="verdict ${report.ok ? "pass" : "fail"}">
          <strong>${report.ok ? "The checklist holds" : "The checklist does not hold"}</strong>:
          ${summary(report)}; as of ${report.asOf}, hardened-mcp ${report.tool.version}.
        </p>
        <nav aria-label="Parts of this page">
          <ul>
            ${report.verdicts.some(isNotable) ? html`<li><a href="#attention">What to look at</a></li>` : ""}
            <li><a href="#items">Summary</a></li>
            ${report.stacks.map(({ stack }, index) => html`<li><a href="#stack-${index}">${stack}</a></li>`)}
            <li><a href="#checklist">Evidence</a></li>
          </ul>
        </nav>
      </header>
      <main id="main">
        ${attention(report)} ${items(report)} ${report.stacks.map(stackSection)} ${evidence(report)}
      </main>
      <footer>
        <p>Judged from the written files alone. What only a running account shows is not in it.</p>
      </footer>
    </body>
  </html>`.text
}
`;
}

function items({ items: all }: Report): Markup {
  return html`<h2 id="items">Summary</h2>
    ${table(
      "The fifteen items of the checklist",
      ["item", "result", "pass", "fail", "waived", "unknown"],
      all.map(({ item, title, result, counts }) => [
        `${item}. ${title}`,
        resultOf(result),
        counts.pass,
        counts.fail + counts["not-built"],
        counts.waived,
        counts.unknown,
      ]),
    )}`;
}

function stackSection(written: ReportedStack, index: number): Markup {
  const {
    stack,
    file,
    resources,
    declared,
    drawing,
    way,
    policies,
    reach: within,
    alarms: heard,
    cost,
  } = written;
  const postures = [...new Set(declared.map(({ posture, lifecycle }) => `${posture}, ${lifecycle}`))];
  return html`<h2 id="stack-${index}">${stack}</h2>
    <p>
      <code>${file}</code>: ${resources} resources;
      ${postures.join("; ") || "nothing in it was made by hardened-mcp"}.
    </p>
    ${[...alone([written]), ...endings([written])].map((end) => html`<p>${end}.</p>`)}
    <h3>What is deployed</h3>
    ${deployment(drawing)}
    <h3>The way of a request</h3>
    ${requestWay(way)} ${policies.map((policy) => policySection(policy, within.credentials))} ${reach(within)}
    <h3>Alarms</h3>
    ${alarms(heard)}
    <h3>Cost</h3>
    ${costs(cost)}`;
}
