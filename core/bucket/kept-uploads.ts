/** Uploads that schedules need for their next run, and that a clean-up therefore keeps. */
import { bucketLayout } from './bucket-layout.ts';

export interface KeptPorts {
  schedules: { find(name: string): Promise<{ request: string } | undefined> };
  /** A stored request, as JSON; undefined if it does not exist. */
  read(key: string): Promise<string | undefined>;
}

/**
 * @param keys of uploads in the stack's bucket
 * @returns stored requests whose schedules exist, and the archives that these requests name
 */
export async function keptUploads(
  keys: Iterable<string>,
  { schedules, read }: KeptPorts,
): Promise<Set<string>> {
  const kept = new Set<string>();
  for (const key of keys) {
    const name = nameIn(key);
    if (name === undefined || (await schedules.find(name))?.request !== key) continue;
    kept.add(key);
    const source = sourceIn((await read(key)) ?? '');
    if (source !== undefined) kept.add(source);
  }
  return kept;
}

/** The schedule's name in the key of its request. */
function nameIn(key: string): string | undefined {
  const name = key.slice(key.lastIndexOf('/') + 1).replace(/\.json$/, '');
  return bucketLayout.request(name) === key ? name : undefined;
}

/** The key of the archive, which a request names as `bucket/key`. */
function sourceIn(request: string): string | undefined {
  try {
    const { source } = Object(JSON.parse(request)?.target?.image);
    return typeof source === 'string' ? source.slice(source.indexOf('/') + 1) : undefined;
  } catch {
    return undefined;
  }
}
