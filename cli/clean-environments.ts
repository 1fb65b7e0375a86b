/** `gcd-sfn cleanup --environments`: removes the Python environments that no run is using. */

import { cachedEnvironments, removeEnvironment } from '../adapters/local/environments/cache/clean-cache.ts';
import { Cache, defaultCache } from '../adapters/local/environments/cache/environment-cache.ts';
import { cacheFailed } from '../adapters/local/environments/install/install-errors.ts';
import { LocalEnvironments } from '../adapters/local/environments/local-environments.ts';
import { RunInterrupted } from '../core/errors/errors.ts';
import { bytes } from './view/bytes.ts';
import { environmentLines } from './view/environments.ts';
import { isInteractive } from './view/interactive.ts';
import { askYes } from './view/prompts.ts';
import { count } from './view/units.ts';

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
    const all = bytes(free.reduce((sum, one) => sum + one.bytes, 0));
    const question = `Remove ${count(free.length, 'environment')}, ${all}? The next run that needs one makes it anew.`;
    if (!yes && isInteractive() && !(await askYes(question, false)))
      throw new RunInterrupted('nothing was removed');
    const { executable } = await new LocalEnvironments().interpreter(null, process.cwd());
    for (const { key } of free) {
      const isGone = await removeEnvironment(cache, key, executable).catch((error) => {
        throw cacheFailed(error, cache.folder);
      });
      if (isGone) removed.push(key);
    }
    console.error(`removed ${count(removed.length, 'environment')}`);
  }
  const left = kept.filter(({ key }) => !removed.includes(key)).map(({ key }) => key);
  if (left.length > 0) console.error(`${count(left.length, 'environment')} in use: left alone`);
  if (json) console.log(JSON.stringify({ removed, left }));
}
