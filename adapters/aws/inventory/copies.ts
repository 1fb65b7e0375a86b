/** Data that was copied from folders: one thing for each project, unless a run or a schedule has to read it. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { bucketLayout } from '../../../core/bucket/bucket-layout.ts';
import { projectOfCopy } from '../../../core/bucket/copied-data.ts';
import { layout } from '../../../core/run-store/layout.ts';
import type { Executions } from '../../../ports/account/executions.ts';
import type { Schedules } from '../../../ports/account/schedules.ts';
import type { Asked } from '../client/errors.ts';
import { ask, askGone, type Part, pages, seconds } from './resource-kind.ts';

export interface CopiesOptions {
  client: S3Client;
  bucket: string;
  schedules: Pick<Schedules, 'find'>;
  executions: Pick<Executions, 'running'>;
}

const root = 'data/';
const placeOf = (project: string) => bucketLayout.data({ projectKey: project, projectName: '' });
/** Pages of a thousand that one call removes: a function has five minutes, and is asked again. */
const mostPages = 50;
/** Removals that are under way at once. */
const atOnce = 16;

const askedFor = (bucket: string, verb: string, what: string): Asked => ({
  action: `s3:${verb}`,
  arn: `arn:aws:s3:::${bucket}${verb === 'ListBucket' ? '' : '/*'}`,
  what,
  bucket,
});

/** Their names are those of the projects' parts of the bucket. */
export function copiesPart({ client, bucket, schedules, executions }: CopiesOptions): Part {
  const asked = (verb: string, what: string) => askedFor(bucket, verb, what);

  /** One request for a thousand projects, however many files they have. */
  async function projects(): Promise<string[]> {
    const found = await pages(
      asked('ListBucket', `bucket ${bucket}`),
      (ContinuationToken) =>
        client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: root, Delimiter: '/', ContinuationToken }),
        ),
      ({ CommonPrefixes, NextContinuationToken }) => ({ items: CommonPrefixes, next: NextContinuationToken }),
    );
    return found.map(({ Prefix = '' }) => Prefix.slice(root.length, -1));
  }

  async function read(Key: string): Promise<string> {
    const text = await ask(asked('GetObject', Key), async () => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return Body?.transformToString();
    });
    return text ?? '';
  }

  async function inUse(): Promise<Set<string>> {
    const used = new Set<string>();
    const use = async (key: string) => {
      const project = projectOfCopy(await read(key), bucket);
      if (project !== undefined) used.add(project);
    };
    for (const { run } of await executions.running())
      if (run !== null) await use(bucketLayout.run(run) + layout.request);
    const prefix = 'requests/';
    const requests = await pages(
      asked('ListBucket', `bucket ${bucket}`),
      (ContinuationToken) =>
        client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken })),
      ({ Contents, NextContinuationToken }) => ({ items: Contents, next: NextContinuationToken }),
    );
    for (const { Key = '' } of requests) {
      const name = Key.slice(prefix.length).replace(/\.json$/, '');
      const isStored = bucketLayout.request(name) === Key;
      if (isStored && (await schedules.find(name))?.request === Key) await use(Key);
    }
    return used;
  }

  return {
    async list() {
      const found = await projects();
      if (found.length === 0) return [];
      const used = await inUse();
      return found
        .filter((name) => !used.has(name))
        .map((name) => ({ kind: 'data', name, cluster: null, since: null }));
    },

    async state({ name }) {
      const Prefix = placeOf(name);
      const found = await ask(asked('ListBucket', Prefix), () =>
        client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, MaxKeys: 1 })),
      );
      return found?.Contents?.length ? 'there' : 'gone';
    },

    async remove({ name }) {
      const Prefix = placeOf(name);
      for (let page = 0; page < mostPages; page++) {
        // What was listed is gone after it: the first page is always the next one. Lists go before the files that they name.
        const found = await ask(asked('ListBucket', Prefix), () =>
          client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix })),
        );
        const keys = (found?.Contents ?? []).map(({ Key }) => Key);
        if (keys.length === 0) return;
        const left = keys.values();
        const work = async () => {
          for (const Key of left)
            await askGone(asked('DeleteObject', Prefix), () =>
              client.send(new DeleteObjectCommand({ Bucket: bucket, Key })),
            );
        };
        await Promise.all(Array.from({ length: atOnce }, work));
      }
    },
  };
}

export interface SizeOfCopy {
  files: number;
  bytes: number;
  /** When the newest of them came, seconds since 1970; null: there is none. */
  newest: number | null;
}

/** How much a project's copies are, all states of its files together: a request for each thousand files. */
export async function sizeOfCopy(client: S3Client, bucket: string, project: string): Promise<SizeOfCopy> {
  const objects = await pages(
    askedFor(bucket, 'ListBucket', `bucket ${bucket}`),
    (ContinuationToken) =>
      client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: `${placeOf(project)}objects/`,
          ContinuationToken,
        }),
      ),
    ({ Contents, NextContinuationToken }) => ({ items: Contents, next: NextContinuationToken }),
  );
  const times = objects.map(({ LastModified }) => seconds(LastModified)).filter((time) => time !== null);
  return {
    files: objects.length,
    bytes: objects.reduce((sum, { Size = 0 }) => sum + Size, 0),
    newest: times.length > 0 ? times.reduce((a, b) => Math.max(a, b)) : null,
  };
}
