/** `gcd-sfn cleanup --environments`: deletes the Python environments that no run uses. */

import {
  type CachedEnvironment,
  cachedEnvironments,
  removeEnvironment,
} from '../adapters/local/environments/cache/clean-cache.ts';
import { Cache, defaultCache } from '../adapters/local/environments/cache/environment-cache.ts';
import { cacheFailed } from '../adapters/local/environments/install/install-errors.ts';
import { LocalEnvironments } from '../adapters/local/environments/local-environments.ts';
import { RunInterrupted } from '../core/errors/errors.ts';
import { formatAgo } from '../core/format/dates.ts';
import { formatBytes, plural } from '../core/format/numbers.ts';
import { isInteractive } from './terminal/output.ts';
import { askYes } from './terminal/prompts.ts';
import { table } from './terminal/table.ts';

export async function cleanEnvironments({ yes, json }: { yes?: boolean; json?: boolean }): Promise<void> {
  const cache = new Cache(defaultCache(process.env));
  const kept = await cachedEnvironments(cache);
  const free = kept.filter(({ isUsed }) => !isUsed);
  const removed: string[] = [];
  if (kept.length === 0) console.error(`there are no environments in ${cache.folder}`);
  else {
    console.error(`in ${cache.folder}:`);
    for (const line of environmentLines(kept)) console.error(`  ${line}`);
  }
  if (free.length > 0) {
    const all = formatBytes(free.reduce((sum, one) => sum + one.bytes, 0));
    const question = `Delete ${plural(free.length, 'environment')}, ${all}? The next run that needs one recreates it.`;
    if (!yes && isInteractive() && !(await askYes(question, false)))
      throw new RunInterrupted('nothing was deleted');
    const { executable } = await new LocalEnvironments().interpreter(null, process.cwd());
    for (const { key } of free) {
      const isRemoved = await removeEnvironment(cache, key, executable).catch((error) => {
        throw cacheFailed(error, cache.folder);
      });
      if (isRemoved) removed.push(key);
    }
    console.error(`deleted ${plural(removed.length, 'environment')}`);
  }
  const left = kept.filter(({ key }) => !removed.includes(key)).map(({ key }) => key);
  if (left.length > 0) console.error(`${plural(left.length, 'environment')} in use: kept`);
  if (json) console.log(JSON.stringify({ removed, left }));
}

/** A line for each cached environment, below one with the columns' names. */
export function environmentLines(environments: CachedEnvironment[], now = Date.now()): string[] {
  return table(
    [{ head: 'environment' }, { head: 'size', right: true }, { head: 'last used' }],
    environments.map(({ key, bytes, lastUsed, isUsed }) => [
      key,
      formatBytes(bytes),
      isUsed ? 'now' : formatAgo(lastUsed / 1000, now / 1000),
    ]),
  );
}
