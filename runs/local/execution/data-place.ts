/** Where a run's data files are, and how they come to this machine. */
import { basename, join } from 'node:path';
import { DataCache } from '../../../adapters/local/data-cache/data-cache.ts';
import { FolderStore } from '../../../adapters/local/store/folder-store.ts';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import type { RunRequest } from '../../../core/run-store/request/request.ts';
import type { Store } from '../../../core/store.ts';

export interface DataPlace {
  /** Lists and reads the data files, by keys relative to the place. */
  store: Store;
  /** What the user's code gets as `data_bucket`. */
  bucket: string;
  /** The folder with the files, or how to make a cache of them in a folder. */
  files:
    | { kind: 'here'; folder: string }
    | { kind: 'elsewhere'; cacheIn(folder: string): Promise<DataCache> };
  /** Ends what is under way. */
  close(): void;
}

export async function dataPlace(
  { config, project }: Pick<RunRequest, 'config' | 'project'>,
  credentials: AwsAccess,
): Promise<DataPlace> {
  const place = config.dataBucket;
  if (place.kind === 'folder') {
    const { path } = place;
    // What runs have left is no data, also where the data folder is the project's own.
    const results = join(project, 'results');
    const isIgnored = (below: string) => basename(below) === '.gcd' || below === results;
    const store = new FolderStore(path, { isIgnored, includeUnreadable: true });
    return { store, bucket: path, files: { kind: 'here', folder: path }, close: () => {} };
  }
  // The AWS SDK is large: loaded only where it is needed.
  const { OpenBucket } = await import('../../../adapters/aws/s3/index.ts');
  const access = { ...credentials, region: config.region ?? credentials.region };
  const { bucket, prefix } = place;
  const opened = new OpenBucket(access, bucket, config.dataAccess);
  const store = opened.store(prefix);
  // Workers ask for files by their keys in the bucket.
  const whole = opened.store('');
  return {
    store,
    bucket,
    files: {
      kind: 'elsewhere',
      cacheIn: (folder) =>
        DataCache.open({
          store: whole,
          folder,
          ...(config.dataCacheBytes !== null && { limit: config.dataCacheBytes }),
        }),
    },
    close: () => opened.close(),
  };
}
