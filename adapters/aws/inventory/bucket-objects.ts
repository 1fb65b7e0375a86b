/** Objects in the stack's bucket that are needed for a while: licence files and uploads for starts and schedules. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { keptUploads } from '../../../core/bucket/kept-uploads.ts';
import type { ResourceKind } from '../../../core/resources.ts';
import type { Resource } from '../../../ports/account/inventory.ts';
import type { Schedules } from '../../../ports/account/schedules.ts';
import type { RequestContext } from '../client/errors.ts';
import { secondsOf } from '../client/tags.ts';
import { find, listAll, type ResourceHandler, startDeletion } from './resource-kind.ts';

interface Bucket {
  client: S3Client;
  bucket: string;
}

export const bucketContext = (bucket: string, verb: string, what: string): RequestContext => ({
  action: `s3:${verb}`,
  arn: `arn:aws:s3:::${bucket}${verb === 'ListBucket' ? '' : '/*'}`,
  what,
  bucket,
});

/** @returns undefined when there is no such object */
export const readText = ({ client, bucket }: Bucket, Key: string): Promise<string | undefined> => {
  const read = async () => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  };
  return find(bucketContext(bucket, 'GetObject', Key), read());
};

interface ObjectsOptions extends Bucket {
  kind: ResourceKind;
  prefixes: string[];
  /** From key to name, and back. */
  name: (key: string) => string;
  key: (name: string) => string;
}

function objects({ client, bucket, kind, prefixes, name, key }: ObjectsOptions): ResourceHandler {
  return {
    async list() {
      const found: Resource[] = [];
      for (const Prefix of prefixes) {
        const listed = await listAll(
          bucketContext(bucket, 'ListBucket', `bucket ${bucket}`),
          paginateListObjectsV2({ client }, { Bucket: bucket, Prefix }),
          ({ Contents }) => Contents,
        );
        for (const { Key = '', LastModified } of listed)
          if (Key !== Prefix)
            found.push({ kind, name: name(Key), cluster: null, since: secondsOf(LastModified) });
      }
      return found;
    },

    /** By a listing, which needs no permission to read licence files. */
    async state(resource) {
      const Key = key(resource.name);
      // An object is listed before all others whose keys start with its key.
      const found = await find(
        bucketContext(bucket, 'ListBucket', Key),
        client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: Key, MaxKeys: 1 })),
      );
      return found?.Contents?.[0]?.Key === Key ? 'exists' : 'deleted';
    },

    async remove(resource) {
      const Key = key(resource.name);
      const request = client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
      await startDeletion(bucketContext(bucket, 'DeleteObject', Key), request);
    },
  };
}

export function licenceFiles(bucket: Bucket): ResourceHandler {
  const prefix = 'licences/';
  const name = (key: string) => key.slice(prefix.length);
  return objects({ ...bucket, kind: 'licence', prefixes: [prefix], name, key: (run) => prefix + run });
}

/** Uploads for starts and schedules that no existing schedule needs. Their names are their keys. */
export function uploads({
  schedules,
  ...bucket
}: Bucket & { schedules: Pick<Schedules, 'find'> }): ResourceHandler {
  const itself = (name: string) => name;
  const prefixes = ['sources/', 'requests/'];
  const all = objects({ ...bucket, kind: 'upload', prefixes, name: itself, key: itself });
  return {
    ...all,
    async list(clusters) {
      const found = await all.list(clusters);
      const keys = found.map(({ name }) => name);
      const kept = await keptUploads(keys, { schedules, read: (key) => readText(bucket, key) });
      return found.filter(({ name }) => !kept.has(name));
    },
  };
}
