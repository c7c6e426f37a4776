import type { EndKind } from "../../terraform/graph/ends";
import type { Drawing, DrawnNetwork, DrawnTier } from "../deployment";
import { html, type Markup } from "./markup";

/** Networks as boxes with their tiers of subnets, and below them what stands in none. Lists, so that it can be heard too. */
export function deployment({ networks, beside }: Drawing): Markup {
  return html`${networks.map(network)}
  ${
    beside.length === 0
      ? ""
      : html`<div class="box">
          <p><strong>In the account, in no network</strong></p>
          <ul class="chips">
            ${beside.map(({ what, count }) => html`<li>${what}: ${count}</li>`)}
          </ul>
        </div>`
  }`;
}

function network({ name, range, doors, tiers }: DrawnNetwork): Markup {
  return html`<div class="box">
    <p>
      <strong>${name}</strong
      >${range === undefined ? "" : ` ${range}`}${doors.length === 0 ? "" : `; joined by: ${doors.join(", ")}`}
    </p>
    <ul class="tiers">
      ${tiers.map((one) => html`<li class="box">${tier(one)}</li>`)}
    </ul>
  </div>`;
}

function tier({ subnets, leadsTo, holds }: DrawnTier): Markup {
  const places = subnets.map(
    ({ name, zone, range }) => html`<li><code>${[zone ?? name, range].filter(Boolean).join(" ")}</code></li>`,
  );
  return html`<p>
      ${leadsTo.length === 0 ? "No route leaves the network" : `Routes lead to ${leadsTo.join(", ")}`}
    </p>
    <ul class="places">
      ${places}
    </ul>
    ${
      holds.length === 0
        ? html`<p>Nothing of this file stands here.</p>`
        : html`<ul class="chips">
            ${holds.map(({ kind, name }) => html`<li>${KINDS[kind]} <strong>${name}</strong></li>`)}
          </ul>`
    }`;
}

const KINDS: Readonly<Record<EndKind, string>> = {
  service: "tasks of",
  balancer: "load balancer",
  host: "host",
  function: "function",
  database: "database",
  endpoint: "endpoint of",
};
