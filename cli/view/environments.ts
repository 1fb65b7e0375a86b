/** Environments that are kept, as lines. */
import type { CachedEnvironment } from '../../adapters/local/environments/cache/clean-cache.ts';
import { bytes } from './bytes.ts';
import { table } from './table.ts';

/** A line for each, below one with the columns' names. */
export function environmentLines(kept: CachedEnvironment[], now = Date.now()): string[] {
  return table(
    [{ head: 'environment' }, { head: 'size', right: true }, { head: 'last used' }],
    kept.map(({ key, bytes: size, lastUsed, isUsed }) => [
      key,
      bytes(size),
      isUsed ? 'now' : ago((now - lastUsed) / (24 * 3600 * 1000)),
    ]),
  );
}

/** @param days that have passed */
export function ago(days: number): string {
  const whole = Math.floor(days);
  return whole < 1 ? 'today' : whole === 1 ? 'a day ago' : `${whole} days ago`;
}
