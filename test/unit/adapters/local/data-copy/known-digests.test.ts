/** What is remembered of data files: nothing that may have changed since. */
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  bytesOf,
  contentOf,
  FileChanged,
  statFile,
} from '../../../../../adapters/local/data-copy/digest-file.ts';
import { KnownDigests } from '../../../../../adapters/local/data-copy/known-digests.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcd-'));
  path = join(folder, 'a.csv');
  writeFileSync(path, 'Power\n1\n');
  // Of a whole second: a time that can be set back exactly.
  utimesSync(path, 1e9, 1e9);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A minute from now, what was written now has settled. */
const later = () => Date.now() + 60_000;
const kept = () => join(folder, '.gcd/data-digests.jsonl');
const known = (now = later) => new KnownDigests(kept(), now);

async function learn(digests: KnownDigests) {
  const { stamp, digest } = await contentOf(path);
  digests.add(path, stamp, digest);
  return digest;
}

describe('the digest of a file', () => {
  test('is known, also to another process, as long as nothing of the file has changed', async () => {
    const digests = known();
    const digest = await learn(digests);
    expect(digests.of(path, await statFile(path))).toBe(digest);
    expect(known().of(path, await statFile(path))).toBe(digest);
    expect(statSync(kept()).mode & 0o077).toBe(0);
  });

  test('is not known any more after an edit of the same size whose time was set back', async () => {
    const digests = known();
    await learn(digests);
    writeFileSync(path, 'Power\n2\n');
    utimesSync(path, 1e9, 1e9);
    expect(digests.of(path, await statFile(path))).toBeUndefined();
  });

  test('is not known of another file that took the place', async () => {
    const digests = known();
    await learn(digests);
    const other = join(folder, 'other');
    writeFileSync(other, 'Power\n2\n');
    utimesSync(other, 1e9, 1e9);
    renameSync(other, path);
    expect(digests.of(path, await statFile(path))).toBeUndefined();
  });

  test('is not remembered of a file that was written just now', async () => {
    const digests = known(Date.now);
    await learn(digests);
    expect(digests.of(path, await statFile(path))).toBeUndefined();
  });

  test('is read anew where the file of digests is torn, damaged or cannot be written', async () => {
    const digest = await learn(known());
    appendFileSync(kept(), '["/x",1,"a"]\n{}\nnull\n["/y",1,');
    expect(known().of(path, await statFile(path))).toBe(digest);
    const nowhere = new KnownDigests(join(path, 'no-folder'), later);
    await learn(nowhere);
    expect(nowhere.of(path, await statFile(path))).toBe(digest);
    expect(readFileSync(path, 'utf8')).toBe('Power\n1\n');
  });
});

test('bytes that are not those of the digest end with an error', async () => {
  const { digest } = await contentOf(path);
  const read = async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytesOf(path, digest)) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };
  expect(await read()).toBe('Power\n1\n');
  writeFileSync(path, 'Power\n2\n');
  await expect(read()).rejects.toThrow(FileChanged);
});
