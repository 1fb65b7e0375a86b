/** Copies a run's result files to where config.yaml wants them besides: `saved_bucket`, `saved_path_cloud`. */
import type { Config } from '../ports/config.ts';
import { layout } from '../ports/layout.ts';
import { isResultOf } from '../ports/result-names.ts';
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
  request: { run: string; config: Config },
): Promise<string | null> {
  const { run, config } = request;
  const { savedBucket, savedPathCloud } = config;
  if (savedBucket === null) return null;
  const isResult = isResultOf(request);
  const prefix = `${[savedPathCloud, run].filter((part) => part !== '').join('/')}/`;
  const target = cloud.data({ kind: 's3', bucket: savedBucket, prefix });
  const from = layout.result('');
  for await (const { key } of store.list(from)) {
    const name = key.slice(from.length);
    if (isResult(name)) await target.write(name, store.read(key));
  }
  return target.location;
}
