/** Marks a hole that Terraform encodes: it is no text, and must not become one when the JSON is written again. */
const HOLE = "\u0001";

/** JSON inside a text of the file, with Terraform's escapes as they stand. Nothing where the text is none. */
export function openText(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const holes = text.replace(
      /(^|[[{:,]\s*)(\$\{jsonencode\([^}]*\)\})/g,
      (_all, before: string, hole: string) => `${before}${JSON.stringify(HOLE + hole)}`,
    );
    const quoted = holes.replace(/(?<!\$)\$\{(?!jsonencode\()[^{}]*\}/g, (hole) => hole.replace(/"/g, '\\"'));
    const value: unknown = JSON.parse(quoted);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The same as a text again. */
export function closeText(value: object): string {
  return JSON.stringify(value)
    .replace(/"\\u0001((?:[^"\\]|\\.)*)"/g, (_all, hole: string) => JSON.parse(`"${hole}"`) as string)
    .replace(/(?<!\$)\$\{(?!jsonencode\()[^{}]*\}/g, (hole) => hole.replace(/\\"/g, '"'));
}
