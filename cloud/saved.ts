/** Copies a run's result files to where config.yaml wants them besides: `saved_bucket`, `saved_path_cloud`. */
import { basename } from 'node:path';
import type { Config } from '../ports/config.ts';
import { layout } from '../ports/layout.ts';
import type { Store } from '../ports/store.ts';
import type { Cloud } from './ports.ts';

/**
 * With the permissions of whoever brings the results: the stack's roles write into no other bucket.
 * @returns where they are; null when config.yaml names no bucket
 * @throws AccessDenied, NotFound, Unreachable
 */
export async function saveResults(
  cloud: Pick<Cloud, 'data'>,
  store: Store,
  { run, config: { savedBucket, savedPathCloud } }: { run: string; config: Config },
): Promise<string | null> {
  if (savedBucket === null) return null;
  const prefix = `${[savedPathCloud, run].filter((part) => part !== '').join('/')}/`;
  const target = cloud.data({ kind: 's3', bucket: savedBucket, prefix });
  for await (const { key } of store.list(layout.result('')))
    await target.write(basename(key), store.read(key));
  return target.location;
}
