/**
 * Somebody else's text for a terminal or a comment: printable ASCII in quotes, everything else by its number. So nothing in
 * it moves a cursor, ends a comment, or looks like another letter.
 */
export function shown(text: string, max = 200): string {
  // Cut first: a text may be megabytes long.
  const cut = text.length > max ? `${text.slice(0, max)}...` : text;
  return ascii(JSON.stringify(cut));
}

/** Data as TypeScript: JSON in ASCII, which no text can end early. */
export function literal(value: unknown): string {
  return ascii(JSON.stringify(value));
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
