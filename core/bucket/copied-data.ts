/**
 * A local data folder that was copied to the stack's bucket: below `data/PROJECT/`, files by content
 * (`objects/DIGEST/NAME`), and a listing for each state of the folder (`LISTING/listing.jsonl`), which a run's data_bucket
 * names. Nothing of it ever changes, so a run keeps the files that it started with.
 */
import { hash } from 'node:crypto';
import type { DataBucket } from '../config/config.ts';
import { NotFound } from '../errors/errors.ts';
import { bucketLayout } from './bucket-layout.ts';

/** A line of a listing: a file by the SHA-256 of its content, or why it was not copied. */
export type CopiedFile = { name: string; size: number; digest: string } | { name: string; why: string };

const listingName = 'listing.jsonl';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const longestKey = 1024;

/** @param data the project's part, `data/PROJECT/` */
export const copiedObject = (data: string, digest: string, name: string): string =>
  `${data}objects/${digest}/${name}`;

/** Whether the key of the copy is short enough for S3. */
export const fitsAsCopy = (data: string, name: string): boolean =>
  Buffer.byteLength(copiedObject(data, '0'.repeat(64), name)) <= longestKey;

/** A listing as it is stored. @returns also its digest, which is its name */
export function listingOf(files: CopiedFile[]): { text: string; digest: string } {
  const text = files.map((file) => `${JSON.stringify(file)}\n`).join('');
  return { text, digest: hash('sha256', text) };
}

export interface CopiedPlace {
  /** The project's key in the bucket. */
  project: string;
  /** Digest of the listing. */
  listing: string;
  /** `data/PROJECT/` */
  data: string;
}

/**
 * The copied data that data_bucket names; undefined for any other place.
 * @param own the stack's bucket
 */
export function copiedPlace(place: DataBucket, own: string): CopiedPlace | undefined {
  if (place.kind !== 's3' || place.bucket !== own) return undefined;
  const [, project, listing] =
    /^data\/([0-9A-Za-z][0-9A-Za-z._-]{0,99})\/([0-9a-f]{64})\/$/.exec(place.prefix) ?? [];
  if (project === undefined || listing === undefined) return undefined;
  return { project, listing, data: bucketLayout.data({ projectKey: project, projectName: '' }) };
}

export const listingKey = ({ data, listing }: Pick<CopiedPlace, 'data' | 'listing'>): string =>
  `${data}${listing}/${listingName}`;

export const copyIsGone = ({ project }: CopiedPlace, cause?: unknown): NotFound =>
  new NotFound(`the copied data of project ${project} is no longer in the stack's bucket`, {
    hint: 'gcd-sfn cleanup removes it. Start another run, which copies it again.',
    cause,
  });

/**
 * The project whose copied data a request reads; undefined if it reads other data.
 * @param request as JSON, of whatever version
 * @param own the stack's bucket
 */
export function projectOfCopy(request: string, own: string): string | undefined {
  try {
    const place = Object(JSON.parse(request)?.config?.dataBucket);
    const isPlace = typeof place.bucket === 'string' && typeof place.prefix === 'string';
    return isPlace ? copiedPlace(place as DataBucket, own)?.project : undefined;
  } catch {
    return undefined;
  }
}
