/** Copies a run's result files to `saved_bucket` and `saved_path_cloud` of config.yaml. */
import type { Config } from '../../core/config/config.ts';
import { NotFound } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import { type OutputFile, outputFiles } from '../../core/run-store/records/output-files.ts';
import { isResultOf } from '../../core/run-store/result-names.ts';
import type { Store } from '../../core/store.ts';
import type { Cloud } from './cloud.ts';

/**
 * With the permissions of the caller: the stack's roles write to no other bucket.
 * @returns where they are; null when config.yaml names no bucket
 * @throws AccessDenied, NotFound, Unreachable
 */
export async function copyResults(
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
  await copyOutputs(store, target);
  return target.location;
}

/** Files at once: a bucket takes tens of milliseconds for each, whatever its size. */
const concurrency = 16;

/** The files of tasks, under the names that they have in the results; those that the run has lost are left out. */
async function copyOutputs(store: Store, target: Store): Promise<void> {
  const files = outputFiles(store);
  const work = async () => {
    for (let next = await files.next(); !next.done; next = await files.next())
      await copyOutput(store, target, next.value);
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}

async function copyOutput(store: Store, target: Store, { key, path, bytes }: OutputFile): Promise<void> {
  try {
    await target.write(path, bytes === 0 ? '' : store.read(key, { start: 0, end: bytes }));
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
}
