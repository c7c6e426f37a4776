/** SQS keeps a message this long at most: a fortnight. */
export const LONGEST_KEPT_SECONDS = 1_209_600;
