/** The bucket from which CloudFormation takes the code of the functions, and the template. */
import {
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { translated } from '../client/errors.ts';

const prefixes = ['functions/', 'templates/'];

interface Place {
  client: S3Client;
  bucket: string;
}

/** Uploads what is not there yet; keys tell content. @returns how many files that were */
export async function upload({ client, bucket }: Place, files: Map<string, Uint8Array>): Promise<number> {
  const there = new Set(await keysIn({ client, bucket }));
  const missing = [...files].filter(([key]) => !there.has(key));
  for (const [Key, Body] of missing)
    await ask('s3:PutObject', bucket, () => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body })));
  return missing.length;
}

/** Removes what earlier versions of the stack needed. */
export async function prune({ client, bucket }: Place, files: Map<string, Uint8Array>): Promise<void> {
  const old = (await keysIn({ client, bucket })).filter((key) => !files.has(key));
  if (old.length === 0) return;
  const Delete = { Objects: old.slice(0, 1000).map((Key) => ({ Key })), Quiet: true };
  await ask('s3:DeleteObject', bucket, () =>
    client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete })),
  );
}

async function keysIn({ client, bucket }: Place): Promise<string[]> {
  const keys: string[] = [];
  for (const Prefix of prefixes) {
    for (let token: string | undefined; ; ) {
      const page = await ask('s3:ListBucket', bucket, () =>
        client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix, ...(token && { ContinuationToken: token }) }),
        ),
      );
      for (const { Key } of page.Contents ?? []) if (Key) keys.push(Key);
      token = page.NextContinuationToken;
      if (!token) break;
    }
  }
  return keys;
}

async function ask<Answer>(action: string, bucket: string, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    const arn = `arn:aws:s3:::${bucket}${action === 's3:ListBucket' ? '' : '/*'}`;
    throw translated(error, { action, arn, what: `bucket ${bucket}`, bucket });
  }
}
