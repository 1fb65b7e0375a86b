/** The files that a run processes. */

import type { Config } from '../../../core/config/config.ts';
import { NotFound, NothingToDo } from '../../../core/errors/errors.ts';
import { plural } from '../../../core/format/numbers.ts';
import type { Selection } from '../../../core/run-store/request/request.ts';
import { type Store, type StoredObject, sizeOf } from '../../../core/store.ts';
import { alternativesOf, keyMatcher } from '../../../core/values/glob.ts';
import { asksForHidden, isHidden, type Passed, PassedOver } from './ignored-files.ts';
import { alikeNames, otherPattern, otherPlace } from './suggestions.ts';

/** How many keys an error shows. */
const shown = 5;

/** A file, with those that were ignored since the last one. */
export interface Listed extends StoredObject {
  passed?: Passed;
}

type Patterns = Config['filePattern'];

/**
 * The files of a run, in order of their keys' UTF-8 bytes, each once.
 * Hidden and system files are ignored, unless they are named individually, or by the pattern.
 * @param after where to continue; undefined: from the first
 * @param passed contains, at the end, the files ignored since the last one
 * @throws NothingToDo if a named file does not exist, or nothing matches; it shows what exists.
 */
export async function* filesOf(
  store: Store,
  patterns: Patterns,
  selection: Selection,
  after?: { files: number; key: string },
  passed = new PassedOver(),
): AsyncGenerator<Listed> {
  try {
    yield* selection.kind === 'keys'
      ? named(store, selection, after?.files ?? 0)
      : firstMatches(store, patterns, selection.count, after, passed);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    throw new NothingToDo(`the place that data_bucket names is not there: ${store.location}`, {
      hint:
        error.hint ??
        'Make it, or correct data_bucket in config.yaml; a relative folder is seen from the project folder.',
      cause: error,
    });
  }
}

async function* named(
  store: Store,
  { keys, from }: { keys: string[]; from: string },
  before: number,
): AsyncGenerator<StoredObject> {
  const missing: string[] = [];
  const found = new Map<string, StoredObject>();
  for (const key of new Set(keys)) {
    const size = await sizeOf(store, key);
    const object = size === undefined ? await alike(store, key) : { key, size };
    if (object) found.set(object.key, object);
    else missing.push(key);
  }
  if (missing.length > 0)
    throw new NothingToDo(
      `${missing.length === 1 ? 'a file' : plural(missing.length, 'file')} named by ${from} ${missing.length === 1 ? 'is' : 'are'} not in ${store.location}: ${some(missing)}`,
      {
        hint: (await hints(alikeNames(store, missing), whatIsThere(store), otherPlace(store))).join('\n'),
      },
    );
  const inOrder = [...found.values()].map((object) => ({ object, order: Buffer.from(object.key) }));
  inOrder.sort((a, b) => Buffer.compare(a.order, b.order));
  yield* inOrder.slice(before).map(({ object }) => object);
}

/** The object whose key differs only in composed or decomposed accents. */
async function alike(store: Store, key: string): Promise<StoredObject | undefined> {
  const plain = /^[\x20-\x7e]*/.exec(key)?.[0] ?? '';
  if (plain === key) return undefined;
  // The character before a decomposed accent differs, too.
  for await (const object of store.list(plain.slice(0, -1)))
    if (object.why === undefined && object.key.normalize('NFC') === key.normalize('NFC')) return object;
  return undefined;
}

async function* firstMatches(
  store: Store,
  patterns: Patterns,
  count: number,
  after: { files: number; key: string } | undefined,
  passed: PassedOver,
): AsyncGenerator<Listed> {
  const alternatives = [patterns].flat().flatMap((one) => alternativesOf(one));
  const matches = keyMatcher(patterns);
  const matchesInAnyCase = keyMatcher(patterns, { anyCase: true });
  const takesHidden = keyMatcher(alternatives.filter(asksForHidden));
  let found = after?.files ?? 0;
  if (count > 0 && found >= count) return;
  for await (const object of store.list(sharedPrefix(alternatives.map(literalPrefix)), after?.key)) {
    const { key } = object;
    // Unknown whether files in an unreadable folder would match.
    const isClosed = object.why !== undefined && key.endsWith('/');
    if (!isClosed && !matches(key)) {
      if (matchesInAnyCase(key) && !isHidden(key)) passed.add('otherCase', key);
      continue;
    }
    if (isHidden(key) && !takesHidden(key)) {
      passed.add('hidden', key);
      continue;
    }
    const before = passed.take();
    yield Object.keys(before).length > 0 ? { ...object, passed: before } : object;
    if (object.why === undefined && ++found === count) return;
  }
  if (found > 0) return;
  const { count: some, first } = passed.found.hidden;
  const but =
    some === 0 ? '' : `, but ${some === 1 ? 'a hidden one' : `${some} hidden ones`}: ${first.join(', ')}`;
  const shown = [patterns].flat().join("', '");
  throw new NothingToDo(`no file in ${store.location} matches file_pattern '${shown}'${but}`, {
    hint: (await hints(otherPattern(store, patterns), whatIsThere(store), otherPlace(store))).join('\n'),
  });
}

const hints = async (...found: (string | undefined | Promise<string | undefined>)[]) =>
  (await Promise.all(found)).filter((hint) => hint !== undefined);

/** Common prefix of a pattern's matches, which narrows the listing. */
function literalPrefix(pattern: string): string {
  // Accents may be decomposed in a key.
  const plain = /^[\x20-\x7e]*/.exec(pattern)?.[0] ?? '';
  const literal = /^[^*?[]*/.exec(plain)?.[0] ?? '';
  return literal.length < plain.length || plain === pattern ? literal : literal.slice(0, -1);
}

function sharedPrefix([first = '', ...others]: string[]): string {
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}

async function whatIsThere(store: Store): Promise<string> {
  const first: string[] = [];
  // Throws NotFound if the place does not exist.
  for await (const { key, why } of store.list('')) {
    first.push(why === undefined ? key : `${key} (${why})`);
    if (first.length > shown) break;
  }
  return first.length === 0 ? `${store.location} is empty` : `what is there: ${some(first)}`;
}

function some(keys: string[]): string {
  return keys.slice(0, shown).join(', ') + (keys.length > shown ? ', …' : '');
}
