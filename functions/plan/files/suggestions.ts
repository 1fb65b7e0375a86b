/** Suggestions for patterns, names and places that match nothing. */

import type { Config } from '../../../core/config/config.ts';
import { plural } from '../../../core/format/numbers.ts';
import type { Store } from '../../../core/store.ts';
import { keyMatcher, patternFault } from '../../../core/values/glob.ts';
import { isHidden } from './ignored-files.ts';

/** Maximum number of keys that are read. */
const maxKeys = 20_000;
const shown = 3;

async function* firstKeys(store: Store): AsyncGenerator<string> {
  let read = 0;
  for await (const { key, why } of store.list('')) {
    if (why === undefined && !isHidden(key)) yield key;
    if (++read === maxKeys) return;
  }
}

/** A similar pattern that matches files, in a sentence. */
export async function otherPattern(
  store: Store,
  patterns: Config['filePattern'],
): Promise<string | undefined> {
  const tried = [patterns].flat().flatMap((pattern) => waysToWrite(pattern, store.location));
  const ways = [...new Set(tried)].map((pattern) => ({ pattern, matches: keyMatcher(pattern), found: 0 }));
  const anyCase = { matches: keyMatcher(patterns, { anyCase: true }), found: 0, first: '' };
  for await (const key of firstKeys(store)) {
    for (const way of ways) if (way.matches(key)) way.found++;
    if (anyCase.matches(key) && ++anyCase.found === 1) anyCase.first = key;
  }
  if (anyCase.found > 0)
    return `ignoring upper and lower case, it would match ${plural(anyCase.found, 'file')}, such as ${anyCase.first}`;
  const best = ways.find(({ found }) => found > 0);
  return best && `file_pattern: ${JSON.stringify(best.pattern)} would match ${plural(best.found, 'file')}`;
}

/** The most probable first. */
function waysToWrite(given: string, location: string): string[] {
  const pattern = given.trim().replaceAll('\\', '/');
  const below = belowPlace(pattern.replace(/^(?:\.{0,2}\/)+/, ''), location);
  const expression = pattern
    .replace(/^\^|\$$/g, '')
    .replaceAll('.*', '*')
    .replaceAll('/.', '.');
  const ways = [
    pattern,
    ...below,
    ...[pattern, ...below].map((one) => `${one.replace(/\/+$/, '')}/*`),
    expression,
    `*/${pattern}`,
    `*${pattern}`,
    ...(/^\w+$/.test(pattern) ? [`*.${pattern}`] : []),
    `${pattern}*`,
  ];
  return ways.filter((way) => way !== given && patternFault(way) === null);
}

/** Without folders of data_bucket that the pattern repeats. */
function belowPlace(pattern: string, location: string): string[] {
  const steps = location.split('/').filter((step) => step !== '');
  return [
    pattern,
    ...steps.map((_, from) => withoutStart(pattern, `${steps.slice(from).join('/')}/`)),
  ].filter((one) => one !== undefined);
}

const withoutStart = (text: string, start: string) =>
  text.startsWith(start) ? text.slice(start.length) : undefined;

/** Files with similar names, in a sentence. */
export async function alikeNames(store: Store, missing: string[]): Promise<string | undefined> {
  const plain = (key: string) => key.normalize('NFC').toLowerCase();
  const names = new Set(missing.map((key) => plain(key).split('/').at(-1)));
  const found: string[] = [];
  for await (const key of firstKeys(store))
    if (names.has(plain(key).split('/').at(-1))) {
      found.push(key);
      if (found.length > shown) break;
    }
  if (found.length === 0) return undefined;
  return `perhaps: ${found.slice(0, shown).join(', ')}${found.length > shown ? ', …' : ''}`;
}

/** A correction of a data_bucket that looks like a pattern or a file, in a sentence. */
export function otherPlace({ location }: Store): string | undefined {
  const [, bucket, last = ''] = /^s3:\/\/([^/]+)\/(?:.*\/)?([^/]*)$/.exec(location) ?? [];
  if (bucket === undefined) return undefined;
  if (/[*?[{]/.test(location)) return 'data_bucket is taken as it stands: a pattern goes into file_pattern';
  if (/\.\w{1,8}$/.test(last))
    return `if ${last} is a file: data_bucket names the folder above it, and file_pattern: ${JSON.stringify(last)} the file`;
  return undefined;
}
