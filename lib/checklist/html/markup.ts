/** Text that is HTML already. Made by `html` alone, so that nothing else gets into a page unescaped. */
export class Markup {
  public constructor(public readonly text: string) {}
}

/** What may stand in a hole: a list is put together without anything between. */
export type Hole = Markup | string | number | undefined | readonly Hole[];

/** HTML with holes. Everything in a hole is escaped, also for attributes in double quotes, unless it is markup itself. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Markup {
  return new Markup(parts.reduce((text, part, index) => text + filled(holes[index - 1]) + part));
}

function filled(hole: Hole): string {
  if (hole === undefined) return "";
  if (hole instanceof Markup) return hole.text;
  if (typeof hole === "object") return hole.map(filled).join("");
  return String(hole).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A table that scrolls by itself where the page is narrow, with its first column as row headings. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Hole[])[],
): Markup {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...rest]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${rest.map((cell) => html`<td>${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
