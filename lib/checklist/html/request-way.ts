import type { Hop } from "../request-way";
import { html, type Markup } from "./markup";

/** The way of a request, one box below the other. */
export function requestWay(hops: readonly Hop[]): Markup {
  if (hops.length === 0) return html`<p>No load balancer stands in this file.</p>`;
  return html`<ol class="way">
    ${hops.map(
      ({ title, detail, beside }) =>
        html`<li${beside ? html` class="beside"` : undefined}><strong>${title}</strong><br />${detail}</li>`,
    )}
  </ol>`;
}
