/** Variables of a rotation function, which the function reads and its construct sets. */
export const ROTATION_ENV = {
  secretArn: "SECRET_ARN",
  minAgeSeconds: "MIN_AGE_SECONDS",
  /** What the kind must know, as JSON. */
  settings: "SETTINGS",
} as const;
