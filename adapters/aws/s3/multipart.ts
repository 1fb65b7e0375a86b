/** Objects of unknown length: written in parts, whole or not at all. */
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Body } from '../../../core/store.ts';

const firstPartBytes = 8 * 1024 * 1024;
/** S3 takes 10,000 parts: they grow, so that half a terabyte fits. */
const partsOfOneSize = 2000;

/** A body's bytes in parts, each but the last as large as a part must be; none for an empty body. */
export async function* inParts(body: Body): AsyncGenerator<Buffer, undefined> {
  const source = typeof body === 'string' || body instanceof Uint8Array ? [Buffer.from(body)] : body;
  let held: Buffer[] = [];
  let bytes = 0;
  let count = 0;
  const size = () => firstPartBytes * 2 ** Math.floor(count / partsOfOneSize);
  for await (const given of source) {
    // A copy: whoever gave it may use its memory again.
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

/** Parts that are under way at once: as many as this, as long as they are not more bytes than that. */
const mostAtOnce = 4;
const mostBytesAtOnce = 64 * 1024 * 1024;
/**
 * S3 takes the sum of each part, and wants it again with the list of parts. The SDK adds CRC32 to parts unasked, which S3
 * only accepts when the upload was begun with it: https://github.com/aws/aws-sdk-go-v2/issues/3005
 */
const ChecksumAlgorithm = 'CRC32';

/**
 * Uploads parts, several at once, and puts them together. Not by `@aws-sdk/lib-storage`, whose parts all have one size,
 * so that objects of unknown length end at 10,000 of them.
 * @param condition what must hold when they are put together
 * @param answer waits for an answer of S3 and translates its errors
 * @param options of each request; after an abort, only that the upload is given up is still sent
 */
export async function uploadParts(
  client: Pick<S3Client, 'send'>,
  target: { Bucket: string; Key: string },
  condition: { IfNoneMatch?: string },
  parts: AsyncIterable<Buffer>,
  answer: <Answer>(sent: Promise<Answer>) => Promise<Answer>,
  options: { abortSignal?: AbortSignal } = {},
): Promise<void> {
  const { UploadId } = await answer(
    client.send(new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm }), options),
  );
  const flying = new Map<Promise<void>, number>();
  try {
    const Parts: CompletedPart[] = [];
    const upload = async (PartNumber: number, Body: Buffer) => {
      const part = { ...target, UploadId, PartNumber, Body, ChecksumAlgorithm } as const;
      const { ETag, ChecksumCRC32 } = await answer(client.send(new UploadPartCommand(part), options));
      Parts[PartNumber - 1] = { ETag, PartNumber, ChecksumCRC32 };
    };
    let failure: { error: unknown } | undefined;
    let count = 0;
    for await (const Body of parts) {
      const part: Promise<void> = upload(++count, Body)
        .catch((error) => {
          failure ??= { error };
        })
        .finally(() => flying.delete(part));
      flying.set(part, Body.length);
      const bytes = () => [...flying.values()].reduce((sum, one) => sum + one, 0);
      while (flying.size >= mostAtOnce || bytes() >= mostBytesAtOnce) await Promise.race(flying.keys());
      if (failure) throw failure.error;
    }
    await Promise.all(flying.keys());
    if (failure) throw failure.error;
    const whole = { ...target, ...condition, UploadId, MultipartUpload: { Parts } };
    await answer(client.send(new CompleteMultipartUploadCommand(whole), options));
  } catch (error) {
    // A part that arrives after the upload was given up would stay.
    await Promise.all(flying.keys());
    // Parts that are never put together cost money for ever. What went wrong before matters more than this.
    await client.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => {});
    throw error;
  }
}
