import { ConfigurationError } from "../validation/problem";

declare const checked: unique symbol;

/** A container image by digest. Comes only from `image()`. */
export type Image = string & { readonly [checked]: true };

/** A reference by digest. */
export const BY_DIGEST =
  /^(?<repository>[a-z0-9][a-z0-9._-]*(:[0-9]+)?(\/[a-z0-9._-]+)*)@sha256:[0-9a-f]{64}$/;
/** cdktf's marker of a text that is known only at deployment. Written here so that this file stays pure. */
const TOKEN = /\$\{.+\}/;

/**
 * Takes an image reference by digest: `image("123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders@sha256:…")`.
 * A tag can be moved to other code after review, so one is refused. Text with tokens is accepted and judged after synth.
 * @throws ConfigurationError that says how to find the digest
 */
export function image(reference: string): Image {
  if (TOKEN.test(reference) || BY_DIGEST.test(reference)) return reference as Image;
  const tagged = /:[\w.-]+$/.test(reference) && !reference.includes("@");
  throw new ConfigurationError([
    {
      path: "image",
      code: "unsafe",
      says: tagged
        ? `is ${JSON.stringify(reference)}, named by a tag that can be moved to other code at any time`
        : `is ${JSON.stringify(reference)}, expected REPOSITORY@sha256: and 64 hexadecimal digits`,
      fix: "name it by digest: `docker buildx imagetools inspect IMAGE` or `aws ecr describe-images` prints it",
    },
  ]);
}
