import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { MIRROR_OBJECT } from "../mirror-env";
import type { MirrorStore } from "./store";

/**
 * S3 itself. Its client comes with Lambda's runtime and finds region, rights and endpoint by itself.
 * @param client another client, in tests
 */
export function s3Store(Bucket: string, client: Pick<S3Client, "send"> = new S3Client({})): MirrorStore {
  const Key = MIRROR_OBJECT;
  return {
    read: () =>
      quiet("GetObject", async () => {
        try {
          const { Body, ETag: etag } = await client.send(new GetObjectCommand({ Bucket, Key }));
          if (Body === undefined || etag === undefined) throw new Error("an answer without an object");
          return { text: await Body.transformToString("utf8"), etag };
        } catch (error) {
          if (nameOf(error) === "NoSuchKey") return undefined;
          throw error;
        }
      }),
    write: (text, over) =>
      quiet("PutObject", async () => {
        const put = new PutObjectCommand({
          Bucket,
          Key,
          Body: text,
          ContentType: "application/json",
          CacheControl: "no-store",
        });
        // The headers themselves, because an older client leaves out what it does not know, and the write would be blind.
        put.middlewareStack.add(
          (next) => (args) => {
            const { headers } = args.request as { headers: Record<string, string> };
            headers[over === undefined ? "if-none-match" : "if-match"] = over ?? "*";
            return next(args);
          },
          { step: "build", name: "onlyOverWhatWasRead" },
        );
        await client.send(put);
      }),
  };
}

/** Errors by operation and name. Only a lack of rights is explained. */
async function quiet<Result>(operation: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    const name = nameOf(error);
    if (["PreconditionFailed", "ConditionalRequestConflict"].includes(name))
      throw new Error("somebody else has written the keys meanwhile");
    const why = name === "AccessDenied" && error instanceof Error ? `: ${error.message}` : "";
    throw new Error(`${operation} failed with ${name}${why}`);
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "an unknown error";
}
