/** Copies of data folders in the bucket: one resource for each project, unless a run or a schedule reads them. */
import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { bucketLayout } from '../../../core/bucket/bucket-layout.ts';
import { projectOfCopy } from '../../../core/bucket/copied-data.ts';
import { layout } from '../../../core/run-store/layout.ts';
import type { Executions } from '../../../ports/account/executions.ts';
import type { Schedules } from '../../../ports/account/schedules.ts';
import { secondsOf } from '../client/tags.ts';
import { bucketContext, readText } from './bucket-objects.ts';
import { find, listAll, type ResourceHandler, startDeletion } from './resource-kind.ts';

export interface CopiesOptions {
  client: S3Client;
  bucket: string;
  schedules: Pick<Schedules, 'find'>;
  executions: Pick<Executions, 'running'>;
}

const root = 'data/';
const requestsPrefix = 'requests/';
const prefixOf = (project: string) => bucketLayout.data({ projectKey: project, projectName: '' });
/** Pages of a thousand that one call deletes: a function has five minutes, and its caller retries. */
const maxPages = 50;
const concurrentDeletions = 16;

/** A resource's name is the project's folder in the bucket. */
export function copiedData({ client, bucket, schedules, executions }: CopiesOptions): ResourceHandler {
  const listContext = bucketContext(bucket, 'ListBucket', `bucket ${bucket}`);

  /** One request for a thousand projects, whatever the number of their files. */
  async function projects(): Promise<string[]> {
    const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: root, Delimiter: '/' });
    const found = await listAll(listContext, pages, ({ CommonPrefixes }) => CommonPrefixes);
    return found.map(({ Prefix = '' }) => Prefix.slice(root.length, -1));
  }

  /** Projects whose copies a running execution or a schedule reads. */
  async function usedProjects(): Promise<Set<string>> {
    const used = new Set<string>();
    const use = async (key: string) => {
      const request = (await readText({ client, bucket }, key)) ?? '';
      const project = projectOfCopy(request, bucket);
      if (project !== undefined) used.add(project);
    };
    for (const { run } of await executions.running())
      if (run !== null) await use(bucketLayout.run(run) + layout.request);
    const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: requestsPrefix });
    for (const { Key = '' } of await listAll(listContext, pages, ({ Contents }) => Contents)) {
      const name = Key.slice(requestsPrefix.length).replace(/\.json$/, '');
      const isStored = bucketLayout.request(name) === Key;
      if (isStored && (await schedules.find(name))?.request === Key) await use(Key);
    }
    return used;
  }

  return {
    async list() {
      const found = await projects();
      if (found.length === 0) return [];
      const used = await usedProjects();
      return found
        .filter((name) => !used.has(name))
        .map((name) => ({ kind: 'data', name, cluster: null, since: null }));
    },

    async state({ name }) {
      const Prefix = prefixOf(name);
      const found = await find(
        bucketContext(bucket, 'ListBucket', Prefix),
        client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, MaxKeys: 1 })),
      );
      return found?.Contents?.length ? 'exists' : 'deleted';
    },

    async remove({ name }) {
      const Prefix = prefixOf(name);
      const deletion = bucketContext(bucket, 'DeleteObject', Prefix);
      for (let page = 0; page < maxPages; page++) {
        // The listed objects are deleted, so the next page is always the first. Lists go before the files that they name.
        const found = await find(
          bucketContext(bucket, 'ListBucket', Prefix),
          client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix })),
        );
        const keys = (found?.Contents ?? []).map(({ Key }) => Key);
        if (keys.length === 0) return;
        const left = keys.values();
        const work = async () => {
          for (const Key of left)
            await startDeletion(deletion, client.send(new DeleteObjectCommand({ Bucket: bucket, Key })));
        };
        await Promise.all(Array.from({ length: concurrentDeletions }, work));
      }
    },
  };
}

export interface SizeOfCopy {
  files: number;
  bytes: number;
  /** Time of the newest, seconds since 1970; null without files. */
  newest: number | null;
}

/** Size of a project's copies, in all states of its files. One request for each thousand files. */
export async function sizeOfCopy(client: S3Client, bucket: string, project: string): Promise<SizeOfCopy> {
  const objects = await listAll(
    bucketContext(bucket, 'ListBucket', `bucket ${bucket}`),
    paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: `${prefixOf(project)}objects/` }),
    ({ Contents }) => Contents,
  );
  const times = objects.map(({ LastModified }) => secondsOf(LastModified)).filter((time) => time !== null);
  return {
    files: objects.length,
    bytes: objects.reduce((sum, { Size = 0 }) => sum + Size, 0),
    newest: times.length > 0 ? times.reduce((a, b) => Math.max(a, b)) : null,
  };
}
