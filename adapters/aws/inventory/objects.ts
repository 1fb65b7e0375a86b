/** Objects in the stack's bucket that serve a run for a while: licence files, and what was uploaded for a start. */
import { DeleteObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { ResourceKind } from '../../../core/resources.ts';
import type { Resource } from '../../../ports/account/inventory.ts';
import type { Asked } from '../client/errors.ts';
import { ask, askGone, type Part, pages, seconds } from './resource-kind.ts';

export interface ObjectsOptions {
  client: S3Client;
  bucket: string;
  kind: ResourceKind;
  prefixes: string[];
  /** The thing's name by its key, and back. */
  name: (key: string) => string;
  key: (name: string) => string;
}

export function objectsPart({ client, bucket, kind, prefixes, name, key }: ObjectsOptions): Part {
  const asked = (action: string, what: string): Asked => ({
    action: `s3:${action}`,
    arn: action === 'ListBucket' ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/*`,
    what,
    bucket,
  });
  return {
    async list() {
      const found: Resource[] = [];
      for (const Prefix of prefixes) {
        const objects = await pages(
          asked('ListBucket', `bucket ${bucket}`),
          (ContinuationToken) =>
            client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, ContinuationToken })),
          ({ Contents, NextContinuationToken }) => ({ items: Contents, next: NextContinuationToken }),
        );
        for (const { Key = '', LastModified } of objects)
          if (Key !== Prefix)
            found.push({ kind, name: name(Key), cluster: null, since: seconds(LastModified) });
      }
      return found;
    },

    /** By a listing: who looks needs no permission to read a licence file. */
    async state(resource) {
      const Key = key(resource.name);
      // An object sorts before all others that begin with its key.
      const found = await ask(asked('ListBucket', Key), () =>
        client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: Key, MaxKeys: 1 })),
      );
      return found?.Contents?.[0]?.Key === Key ? 'there' : 'gone';
    },

    async remove(resource) {
      const Key = key(resource.name);
      await askGone(asked('DeleteObject', Key), () =>
        client.send(new DeleteObjectCommand({ Bucket: bucket, Key })),
      );
    },
  };
}
