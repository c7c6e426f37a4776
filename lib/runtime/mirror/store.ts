/** The one object, as it was found. */
export interface StoredObject {
  readonly text: string;
  /** Of exactly this version. */
  readonly etag: string;
}

/** The two calls to S3 that a mirror needs. */
export interface MirrorStore {
  /** Undefined when there is none yet. */
  read(): Promise<StoredObject | undefined>;
  /**
   * Writes the object over the version with this tag, or as the first one.
   * @throws Error when somebody else has written meanwhile
   */
  write(text: string, over: string | undefined): Promise<void>;
}
