/** Keys of tags and their values. A value may be known only at deployment, a key never. */
export type Tags = Readonly<Record<string, string>>;

/** What the value of a tag has to be. One that is known only at deployment is taken, and judged as unknown in the file. */
export type TagRule =
  /** Any text but an empty one. */
  | "any"
  /** One of these texts, 1 to 100, capitals as written. */
  | { readonly oneOf: readonly string[] }
  /** A regular expression for the whole value, at most 256 characters, in the subset of docs/arguments.md: `[0-9]{4}`. */
  | { readonly pattern: string };

/** Keys that every resource with tags has to bear, as an organisation asks for, each with what its value has to be. */
export type RequiredTags = Readonly<Record<string, TagRule>>;
