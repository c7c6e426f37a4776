/** One or several classes that are not counted. */
export interface Descriptive {
  /** Matches keys of classes, see `keyOf`. */
  readonly class: RegExp;
  /** Why nothing becomes less safe without it. */
  readonly why: string;
}

/** Attributes that only describe, or whose loss makes nothing less safe. Reviewed one by one. */
export const DESCRIPTIVE: readonly Descriptive[] = [
  {
    class: /^edge aws_route53_record\.ttl raise$/,
    why: "what proves a name to AWS is the same for ever, so that it does not matter how long resolvers keep it",
  },
  {
    class: /\.tags(\.\*)? remove$/,
    why: "labels for people and bills; those of roles are judged as conditions",
  },
  { class: /\.(description|alarm_description) remove$/, why: "a sentence for people" },
];

/** Whether a class is not counted. */
export function isDescriptive(key: string): boolean {
  return DESCRIPTIVE.some((entry) => entry.class.test(key));
}
