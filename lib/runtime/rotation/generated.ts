import { GENERATED_FIELDS, TEMPLATE_PLACEHOLDER, type GeneratedSettings } from "../rotation-env";
import type { Kind } from "./kind";
import { randomText } from "./random-text";

/** Three generations of a random text. What is made with any of them can be checked by tasks one rotation away. */
export interface GeneratedValue {
  readonly current: string;
  /** Empty before the first rotation. */
  readonly previous: string;
  /** Announced: the next rotation makes it the current one. */
  readonly next: string;
}

/** Shorter ones can be guessed. */
const SHORTEST = 16;
const FIELD = /^[a-zA-Z][a-zA-Z0-9_]*$/;

/** A random text, of letters and digits unless other ones are asked for, and what templates make of the current one. */
export function generated({ template = {}, ...request }: GeneratedSettings): Kind<GeneratedValue> {
  const random = randomText(request);
  const texts = Object.entries(template);
  for (const [field, text] of texts) refuseTemplate(field, text);
  const rendered = (current: string): [string, string][] =>
    // Not by `replace`, which gives `$&` in the value a meaning.
    texts.map(([field, text]) => [field, text.split(TEMPLATE_PLACEHOLDER).join(current)]);
  const assemble = (value: GeneratedValue): GeneratedValue => ({
    ...value,
    ...Object.fromEntries(rendered(value.current)),
  });
  const first = (): GeneratedValue => assemble({ current: random(), previous: "", next: random() });
  return {
    first,
    fresh: first,
    next: (value) => assemble({ current: value.next, previous: value.current, next: random() }),
    fault: (value) => {
      const fault = generationsFault(value);
      if (fault !== undefined) return fault;
      const [foreign] =
        rendered(value["current"] as string).find(([field, text]) => value[field] !== text) ?? [];
      return foreign === undefined ? undefined : `${foreign} is not what its template makes of current`;
    },
    unfollowable: generationsFault,
  };
}

function generationsFault({
  current,
  previous,
  next,
}: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof current !== "string" || typeof previous !== "string" || typeof next !== "string")
    return "expected the texts current, previous and next";
  return current.length < SHORTEST || next.length < SHORTEST
    ? `current and next must have ${SHORTEST} characters at least`
    : undefined;
}

function refuseTemplate(field: string, text: string): void {
  if (!FIELD.test(field) || (GENERATED_FIELDS as readonly string[]).includes(field))
    throw new Error("a template's field is not of letters, digits and _, or is one of the value's own");
  if (typeof text !== "string" || !text.includes(TEMPLATE_PLACEHOLDER))
    throw new Error(`the template of ${field} does not hold ${TEMPLATE_PLACEHOLDER}`);
}
