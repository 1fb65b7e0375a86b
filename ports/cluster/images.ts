/** Container images with a project and its packages, by the digest of their sources. */

export interface ImageSpec {
  /** SHA-256 over everything that the image is built from. */
  digest: string;
  /** Archive of the frozen project, as `bucket/key`. */
  source: string;
  /** Of `docker build --platform`. */
  platform: string;
  /** Tag of the layers that the project's builds for this platform reuse. */
  cache: string;
}

/** The newest build of a digest; `lines`: the end of its log. */
export type BuildStatus =
  | { state: 'none' }
  | { state: 'building' }
  | { state: 'succeeded' }
  | { state: 'failed'; lines: string[] };

export interface Images {
  /** URI of the image; undefined if it does not exist. */
  find(digest: string): Promise<string | undefined>;
  status(digest: string): Promise<BuildStatus>;
  /** Starts a build, unless one of the same digest is running. */
  build(wanted: ImageSpec): Promise<void>;
  /** Idempotent. */
  remove(digest: string): Promise<void>;
}
