/** A folder with data in S3 as moto imitates it: small files, large ones in parts, odd names, and what is there already. */
import { hash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { HeadObjectCommand, ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ownRole } from '../../adapters/aws/client/settings.ts';
import { newS3Client, S3Store } from '../../adapters/aws/s3/index.ts';
import { KnownDigests } from '../../adapters/local/data-copy/known-digests.ts';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import { copiedPlace } from '../../core/bucket/copied-data.ts';
import { readAll } from '../../core/store.ts';
import { CopiedData } from '../../functions/plan/files/copied-data-store.ts';
import type { Cloud } from '../../runs/aws/cloud.ts';
import { copyFolder } from '../../runs/aws/data-copy/copy-folder.ts';
import { lookAtCopy } from '../../runs/aws/data-copy/plan-copy.ts';
import { motoOfFile } from '../support/moto/shared-moto.ts';

const moto = motoOfFile();
const bucket = 'stack-bucket';
let folder: string;
let client: S3Client;
let cloud: Pick<Cloud, 'store' | 'stack'>;

beforeEach(async () => {
  await moto().reset();
  await moto().bucket(bucket);
  folder = mkdtempSync(join(tmpdir(), 'gcd-'));
  client = await newS3Client({ ...ownRole, region: 'us-west-2' });
  const store = (prefix: string) => new S3Store({ client, bucket, prefix });
  cloud = { store, stack: { bucket } as Cloud['stack'] };
});
afterEach(() => {
  client.destroy();
  rmSync(folder, { recursive: true });
});

const odd = ['a.csv', 'ä/b [1] é+%&=?#.csv', 'c\'s "d".csv', '日本.csv', 'empty.csv'];
const large = randomBytes(20 * 1024 * 1024 + 17);

/** As a process of its own would. */
async function look() {
  const known = new KnownDigests(null);
  const store = new FolderStore(folder, { includeUnreadable: true });
  const wanted = { config: { filePattern: '*' }, selection: { kind: 'first', count: 0 }, projectKey: 'pv-1' };
  const copy = await lookAtCopy({ cloud, store, known }, folder, {
    ...(wanted as never as Parameters<typeof lookAtCopy>[2]),
    projectName: 'pv',
  });
  return { copy, copied: () => copyFolder({ cloud, known }, copy) };
}

function write(name: string, content: string | Buffer) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

test('all of it is there byte for byte, with checksums that S3 has verified, and no upload is left open', async () => {
  for (const name of odd) write(name, name === 'empty.csv' ? '' : `of ${name}`);
  write('large.bin', large);
  const first = await look();
  expect(first.copy.toCopy).toEqual({ files: 6, bytes: expect.any(Number) });
  const place = await first.copied();
  const copied = await CopiedData.open(cloud.store(''), copiedPlace(place, bucket)!);
  const listed: string[] = [];
  for await (const { key, size } of copied.list('')) {
    const content = await readAll(copied, key);
    expect([key, content.length]).toEqual([key, size]);
    if (key !== 'large.bin' && key !== 'empty.csv') expect(content.toString()).toBe(`of ${key}`);
    listed.push(key);
  }
  expect([...listed].sort()).toEqual([...odd, 'large.bin'].sort());
  expect(hash('sha256', await readAll(copied, 'large.bin'))).toBe(hash('sha256', large));
  const part = await readAll(copied, 'large.bin', { start: 9_000_000, end: 9_000_016 });
  expect(part.equals(large.subarray(9_000_000, 9_000_016))).toBe(true);
  for (const name of ['a.csv', 'large.bin']) {
    const head = { Bucket: bucket, Key: copied.keys.of(name), ChecksumMode: 'ENABLED' as const };
    expect((await client.send(new HeadObjectCommand(head))).ChecksumCRC32).toBeTruthy();
  }
  expect((await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).toEqual([]);

  // Another machine, which knows of nothing: what is there is told by its content, and nothing is copied.
  const again = await look();
  expect(again.copy.toCopy.files).toBe(0);
  expect(await again.copied()).toEqual(place);
  write('a.csv', 'of a,csv');
  const edited = await look();
  expect(edited.copy).toMatchObject({ toCopy: { files: 1, bytes: 8 }, there: { files: 5 } });
  expect(await edited.copied()).not.toEqual(place);
});
