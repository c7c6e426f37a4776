/** What a sentence of the configuration must be. */
export const SENTENCE = { min: 8, max: 200, fix: "say why, for the reader of the report" } as const;
