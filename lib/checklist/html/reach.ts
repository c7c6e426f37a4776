import type { TamperTarget } from "../../terraform/graph/tamper";
import type { ReportedTampering, ReportedTamperRow, ReportedWay, ServiceReach, StackReach } from "../reach";
import { html, table, type Markup } from "./markup";

/** Who can reach what: ways in, what a taken-over container could do, and what each principal could hide. */
export function reach({ services, tampering }: StackReach): Markup {
  return html`<h3>Reachability</h3>
    ${
      services.length === 0
        ? html`<p>There is no service in this file.</p>`
        : table(
            "Ways in to each service, over routes, network ACLs, security groups and load balancers",
            ["service", "ways in", "rests on"],
            services.map(({ name, waysIn }) => [
              html`<code>${name}</code>`,
              ways(waysIn, "no way leads there"),
              places([...new Set(waysIn.flatMap(({ by }) => by))]),
            ]),
          )
    }
    ${services.length === 0 ? "" : blasts(services)} ${hiding(tampering)}`;
}

function blasts(services: readonly ServiceReach[]): Markup {
  return html`<h3>Blast radius</h3>
    <p>What somebody could do who has taken over a container of a task.</p>
    ${services.map(blast)}`;
}

/** Those who could touch nothing are named below the table: it shows those one has to know of. */
function hiding(rows: readonly ReportedTamperRow[]): Markup {
  const harmless = rows.filter(({ could }) => TARGETS.every((target) => could[target].length === 0));
  return html`<h3>Who could hide what</h3>
    <p>What each principal could do to what tells of it; an administrator of the account for comparison.</p>
    ${table(
      "Tamper table",
      ["principal", ...TARGETS],
      rows
        .filter((row) => !harmless.includes(row))
        .map((row) => [row.principal, ...TARGETS.map((target) => cell(row, target))]),
    )}
    ${harmless.length === 0 ? "" : untouching(harmless)}`;
}

function untouching(rows: readonly ReportedTamperRow[]): Markup {
  return html`<details>
    <summary>${rows.length} ${rows.length === 1 ? "other" : "others"} could touch none of it</summary>
    ${list(rows.map(({ principal }) => principal))}
  </details>`;
}

const TARGETS: readonly TamperTarget[] = ["logs", "archive", "keys", "alarms", "firewall"];

/** Two columns: they fit a phone. */
function blast({ name, waysOut, rights, containers }: ServiceReach): Markup {
  return table(
    `Blast radius of ${name}`,
    ["what", "which"],
    [
      ["each container could connect to", ways(waysOut, "nothing")],
      ["the role of its tasks may", lines(rights)],
      ...containers.flatMap(({ container, secrets, logs }) => [
        [html`secrets in reach of <code>${container}</code>`, lines(secrets)],
        [html`logs that <code>${container}</code> writes to`, lines(logs)],
      ]),
    ],
  );
}

function lines(all: readonly string[]): Markup | string {
  return all.length === 0 ? "none" : list(all);
}

function ways(all: readonly ReportedWay[], otherwise: string): Markup | string {
  return all.length === 0 ? otherwise : list(all.map(({ says }) => says));
}

function list(all: readonly (string | Markup)[]): Markup {
  return html`<ul>
    ${all.map((one) => html`<li>${one}</li>`)}
  </ul>`;
}

function places(all: readonly string[]): Markup | string {
  if (all.length === 0) return "nothing";
  return html`<details>
    <summary>${all.length} blocks</summary>
    ${list(all.map((one) => html`<code>${one}</code>`))}
  </details>`;
}

function cell({ could }: ReportedTamperRow, target: TamperTarget): Markup | string {
  return could[target].length === 0 ? "nothing" : list(could[target].map(tampered));
}

function tampered({ action, on, maybe, despite }: ReportedTampering): Markup {
  const where = on.length === 1 ? on[0] : `${on.length} of them`;
  return html`<code>${action}</code> on
    ${where}${maybe ? ", perhaps" : ""}${despite === undefined ? "" : ` (${despite})`}`;
}
