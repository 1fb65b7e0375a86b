/** What was uploaded for starts and schedules, and is not needed by a schedule that is there. */
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { keptUploads } from '../../../core/bucket/kept-uploads.ts';
import type { Schedules } from '../../../ports/account/schedules.ts';
import { type ObjectsOptions, objectsPart } from './objects.ts';
import { ask, type Part } from './resource-kind.ts';

export interface UploadsOptions extends Pick<ObjectsOptions, 'client' | 'bucket'> {
  schedules: Pick<Schedules, 'find'>;
}

/** Their names are their keys. */
export function uploadsPart({ client, bucket, schedules }: UploadsOptions): Part {
  const itself = (name: string) => name;
  const prefixes = ['sources/', 'requests/'];
  const objects = objectsPart({ client, bucket, kind: 'upload', prefixes, name: itself, key: itself });
  const read = (Key: string) => {
    const asked = { action: 's3:GetObject', arn: `arn:aws:s3:::${bucket}/*`, what: Key, bucket };
    return ask(asked, async () => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return (await Body?.transformToString()) ?? '';
    });
  };
  return {
    ...objects,
    async list(clusters) {
      const found = await objects.list(clusters);
      const keys = found.map(({ name }) => name);
      const kept = await keptUploads(keys, { schedules, read });
      return found.filter(({ name }) => !kept.has(name));
    },
  };
}
