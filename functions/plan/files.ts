/** Which files a run processes. */
import { NotFound, NothingToDo } from '../../ports/errors.ts';
import { keyMatcher } from '../../ports/glob.ts';
import type { Selection } from '../../ports/request.ts';
import { type Store, type StoredObject, sizeOf } from '../../ports/store.ts';

/** How many keys an error shows. */
const shown = 5;

/**
 * The files of a run, in order of their keys' UTF-8 bytes, each once.
 * @param after where to go on; undefined: from the first
 * @throws NothingToDo when a named file is not there, or nothing matches; it shows what is there.
 */
export async function* filesOf(
  store: Store,
  pattern: string,
  selection: Selection,
  after?: { files: number; key: string },
): AsyncGenerator<StoredObject> {
  try {
    yield* selection.kind === 'keys'
      ? named(store, selection, after?.files ?? 0)
      : firstMatches(store, pattern, selection.count, after);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    throw new NothingToDo(`the place that data_bucket names is not there: ${store.location}`, {
      mend: 'Make it, or correct data_bucket in config.yaml; a relative folder is seen from the project folder.',
      cause: error,
    });
  }
}

async function* named(
  store: Store,
  { keys, from }: { keys: string[]; from: string },
  before: number,
): AsyncGenerator<StoredObject> {
  const wanted = [...new Set(keys)].map((key) => ({ key, order: Buffer.from(key) }));
  const missing: string[] = [];
  const found: StoredObject[] = [];
  for (const { key } of wanted.sort((a, b) => Buffer.compare(a.order, b.order))) {
    const size = await sizeOf(store, key);
    if (size === undefined) missing.push(key);
    else found.push({ key, size });
  }
  if (missing.length > 0)
    throw new NothingToDo(
      `${missing.length === 1 ? 'a file' : `${missing.length} files`} named by ${from} ${missing.length === 1 ? 'is' : 'are'} not in ${store.location}: ${some(missing)}`,
      {
        mend: await whatIsThere(store),
      },
    );
  yield* found.slice(before);
}

async function* firstMatches(
  store: Store,
  pattern: string,
  count: number,
  after: { files: number; key: string } | undefined,
): AsyncGenerator<StoredObject> {
  const matches = keyMatcher(pattern);
  let found = after?.files ?? 0;
  if (count > 0 && found >= count) return;
  for await (const object of store.list(literalPrefix(pattern), after?.key)) {
    // Of a folder that cannot be opened nobody knows what would match in it.
    const isClosed = object.why !== undefined && object.key.endsWith('/');
    if (!isClosed && !matches(object.key)) continue;
    yield object;
    if (object.why === undefined && ++found === count) return;
  }
  if (found === 0)
    throw new NothingToDo(`no file in ${store.location} matches file_pattern '${pattern}'`, {
      mend: await whatIsThere(store),
    });
}

/** What a pattern's matches all begin with: it narrows the listing. */
function literalPrefix(pattern: string): string {
  return /^[^*?[]*/.exec(pattern)?.[0] ?? '';
}

async function whatIsThere(store: Store): Promise<string> {
  const first: string[] = [];
  // Throws NotFound when the place itself is not there.
  for await (const { key, why } of store.list('')) {
    first.push(why === undefined ? key : `${key} (${why})`);
    if (first.length > shown) break;
  }
  return first.length === 0 ? `${store.location} is empty` : `what is there: ${some(first)}`;
}

function some(keys: string[]): string {
  return keys.slice(0, shown).join(', ') + (keys.length > shown ? ', …' : '');
}
