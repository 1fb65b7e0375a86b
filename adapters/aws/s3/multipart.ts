/** Multipart uploads of objects of unknown length. docs/decisions/53-aws-client.md says why not by @aws-sdk/lib-storage. */
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Body } from '../../../core/store.ts';
import type { RequestContext } from '../client/errors.ts';
import { send } from '../client/send.ts';

const firstPartBytes = 8 * 1024 * 1024;
/** S3 takes at most 10,000 parts: their size doubles after every 2,000, so that half a terabyte fits. */
const partsOfOneSize = 2000;

/** Cuts a body into parts; none for an empty body. */
export async function* inParts(body: Body): AsyncGenerator<Buffer, undefined> {
  const source = typeof body === 'string' || body instanceof Uint8Array ? [Buffer.from(body)] : body;
  let held: Buffer[] = [];
  let bytes = 0;
  let count = 0;
  const size = () => firstPartBytes * 2 ** Math.floor(count / partsOfOneSize);
  for await (const given of source) {
    // A copy: the caller may reuse its buffer.
    let chunk = Buffer.from(given);
    while (bytes + chunk.length >= size()) {
      const cut = size() - bytes;
      yield Buffer.concat([...held, chunk.subarray(0, cut)]);
      count++;
      chunk = chunk.subarray(cut);
      held = [];
      bytes = 0;
    }
    if (chunk.length > 0) held.push(chunk);
    bytes += chunk.length;
  }
  if (bytes > 0) yield Buffer.concat(held);
  return undefined;
}

/** Limits of the parts that are uploaded at the same time. */
const maxConcurrentParts = 4;
const maxConcurrentBytes = 64 * 1024 * 1024;
/**
 * S3 checks each part against its checksum, which the list of parts must repeat. The SDK sends CRC32 with parts by default,
 * and S3 accepts that only when the upload was created with it: https://github.com/aws/aws-sdk-go-v2/issues/3005
 */
const ChecksumAlgorithm = 'CRC32';

interface UploadOptions {
  /** For errors of requests; those of the body stay as they are. */
  context: RequestContext;
  /** Must hold when the upload is completed. */
  condition: { IfNoneMatch?: string };
  /** Of each request; after an abort, only AbortMultipartUpload is still sent. */
  options: { abortSignal?: AbortSignal };
}

/** Uploads parts concurrently. After an error no parts are left in the bucket. */
export async function uploadParts(
  client: Pick<S3Client, 'send'>,
  target: { Bucket: string; Key: string },
  { context, condition, options }: UploadOptions,
  parts: AsyncIterable<Buffer>,
): Promise<void> {
  const create = new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm });
  const { UploadId } = await send(context, client.send(create, options));
  const uploads = new Map<Promise<void>, number>();
  try {
    const Parts: CompletedPart[] = [];
    const upload = async (PartNumber: number, Body: Buffer) => {
      const part = { ...target, UploadId, PartNumber, Body, ChecksumAlgorithm } as const;
      const { ETag, ChecksumCRC32 } = await send(context, client.send(new UploadPartCommand(part), options));
      Parts[PartNumber - 1] = { ETag, PartNumber, ChecksumCRC32 };
    };
    let failure: { error: unknown } | undefined;
    let count = 0;
    for await (const Body of parts) {
      const part: Promise<void> = upload(++count, Body)
        .catch((error) => {
          failure ??= { error };
        })
        .finally(() => uploads.delete(part));
      uploads.set(part, Body.length);
      const bytes = () => [...uploads.values()].reduce((sum, one) => sum + one, 0);
      while (uploads.size >= maxConcurrentParts || bytes() >= maxConcurrentBytes)
        await Promise.race(uploads.keys());
      if (failure) throw failure.error;
    }
    await Promise.all(uploads.keys());
    if (failure) throw failure.error;
    const completed = { ...target, ...condition, UploadId, MultipartUpload: { Parts } };
    await send(context, client.send(new CompleteMultipartUploadCommand(completed), options));
  } catch (error) {
    // A part that arrives after the abort would stay.
    await Promise.all(uploads.keys());
    // Parts that are never completed cost money for ever. The first error matters more than this one.
    await client.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => {});
    throw error;
  }
}
