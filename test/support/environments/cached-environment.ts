/** A cache with environments that look whole, for tests of what is kept. */
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes one that was last used so many days ago. @returns its folder */
export function keep(cache: string, key: string, days: number): string {
  const bin = join(cache, key, 'abcd', 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync('/bin/sh', join(bin, 'python'));
  writeFileSync(join(cache, key, 'abcd', 'big'), Buffer.alloc(3 << 20));
  const complete = { home: 'abcd', version: '3.11.7', relaxed: [], notices: [], made: Date.now() };
  writeFileSync(join(cache, key, 'complete.json'), JSON.stringify(complete));
  const used = join(cache, 'uses', key);
  mkdirSync(used, { recursive: true });
  const at = Date.now() / 1000 - days * 24 * 3600;
  utimesSync(used, at, at);
  return join(cache, key);
}
