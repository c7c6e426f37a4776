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
    <h3>Blast radius</h3>
    <p>What somebody could do who has taken over a container of a task.</p>
    ${services.map(blast)}
    <h3>Who could hide what</h3>
    <p>
      What each principal could do to what tells of it. An administrator of the account is there for
      comparison.
    </p>
    ${table(
      "Tamper table",
      ["principal", ...TARGETS],
      tampering.map((row) => [
        html`<code>${row.principal}</code>`,
        ...TARGETS.map((target) => cell(row, target)),
      ]),
    )}`;
}

const TARGETS: readonly TamperTarget[] = ["logs", "archive", "keys", "alarms", "firewall"];

function blast({ name, waysOut, rights, containers }: ServiceReach): Markup {
  const everywhere = ways(waysOut, "nothing");
  const may = rights.length === 0 ? "nothing" : list(rights);
  return table(
    `Blast radius of ${name}`,
    ["container", "could reach", "its role may", "secrets", "writes to"],
    containers.map(({ container, secrets, logs }) => [
      html`<code>${container}</code>`,
      everywhere,
      may,
      secrets.length === 0 ? "none" : list(secrets),
      logs.length === 0 ? "no log" : list(logs),
    ]),
  );
}

function ways(all: readonly ReportedWay[], otherwise: string): Markup | string {
  return all.length === 0 ? otherwise : list(all.map(({ says }) => says));
}

function list(all: readonly string[]): Markup {
  return html`<ul>
    ${all.map((one) => html`<li>${one}</li>`)}
  </ul>`;
}

function places(all: readonly string[]): Markup | string {
  if (all.length === 0) return "nothing";
  return html`<details>
    <summary>${all.length} blocks</summary>
    <ul>
      ${all.map((one) => html`<li><code>${one}</code></li>`)}
    </ul>
  </details>`;
}

function cell({ could }: ReportedTamperRow, target: TamperTarget): Markup | string {
  return could[target].length === 0
    ? "nothing"
    : html`<ul>
        ${could[target].map(tampered)}
      </ul>`;
}

function tampered({ action, on, maybe, despite }: ReportedTampering): Markup {
  const where = on.length === 1 ? on[0] : `${on.length} of them`;
  return html`<li>
    <code>${action}</code> on
    ${where}${maybe ? ", perhaps" : ""}${despite === undefined ? "" : ` (${despite})`}
  </li>`;
}
