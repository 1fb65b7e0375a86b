/** Uploads the template and the functions' code to the bucket from which CloudFormation reads them. */
import {
  DeleteObjectsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { RequestContext } from '../client/errors.ts';
import { collect, send } from '../client/send.ts';

const prefixes = ['functions/', 'templates/'];

interface Place {
  client: S3Client;
  bucket: string;
}

/** Uploads missing files: equal keys mean equal content. @returns their number */
export async function upload({ client, bucket }: Place, files: Map<string, Uint8Array>): Promise<number> {
  const existing = new Set(await keysIn({ client, bucket }));
  const missing = [...files].filter(([key]) => !existing.has(key));
  for (const [Key, Body] of missing)
    await send(
      contextOf('s3:PutObject', bucket),
      client.send(new PutObjectCommand({ Bucket: bucket, Key, Body })),
    );
  return missing.length;
}

/** Deletes files of earlier versions of the stack. */
export async function prune({ client, bucket }: Place, files: Map<string, Uint8Array>): Promise<void> {
  const old = (await keysIn({ client, bucket })).filter((key) => !files.has(key));
  if (old.length === 0) return;
  const Delete = { Objects: old.slice(0, 1000).map((Key) => ({ Key })), Quiet: true };
  await send(
    contextOf('s3:DeleteObject', bucket),
    client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete })),
  );
}

async function keysIn({ client, bucket }: Place): Promise<string[]> {
  const keys: string[] = [];
  for (const Prefix of prefixes) {
    const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix });
    const objects = await send(
      contextOf('s3:ListBucket', bucket),
      collect(pages, ({ Contents }) => Contents),
    );
    keys.push(...objects.flatMap(({ Key }) => Key || []));
  }
  return keys;
}

const contextOf = (action: string, bucket: string): RequestContext => ({
  action,
  arn: `arn:aws:s3:::${bucket}${action === 's3:ListBucket' ? '' : '/*'}`,
  what: `bucket ${bucket}`,
  bucket,
});
