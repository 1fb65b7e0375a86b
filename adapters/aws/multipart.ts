/** Objects of unknown length: written in parts, whole or not at all. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Body } from '../../ports/store.ts';

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

/**
 * Uploads parts and puts them together.
 * @param condition what must hold when they are put together
 * @param answer waits for an answer of S3 and translates its errors
 */
export async function uploadParts(
  client: S3Client,
  target: { Bucket: string; Key: string },
  condition: { IfNoneMatch?: string },
  parts: AsyncIterable<Buffer>,
  answer: <Answer>(sent: Promise<Answer>) => Promise<Answer>,
): Promise<void> {
  const { UploadId } = await answer(client.send(new CreateMultipartUploadCommand(target)));
  try {
    const Parts: { ETag: string | undefined; PartNumber: number }[] = [];
    for await (const Body of parts) {
      const PartNumber = Parts.length + 1;
      const { ETag } = await answer(
        client.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body })),
      );
      Parts.push({ ETag, PartNumber });
    }
    await answer(
      client.send(
        new CompleteMultipartUploadCommand({ ...target, ...condition, UploadId, MultipartUpload: { Parts } }),
      ),
    );
  } catch (error) {
    // Parts that are never put together cost money for ever. What went wrong before matters more than this.
    await client.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => {});
    throw error;
  }
}
