/** The contract of stores, on S3; and what is S3's own. */
import { setTimeout as wait } from 'node:timers/promises';
import { UploadPartCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newS3Client, S3Store } from '../../adapters/aws/s3/index.ts';
import { AccessDenied, AlreadyThere, NotFound } from '../../core/errors/errors.ts';
import { exists, readAll } from '../../core/store.ts';
import { inChunks, keysOf, storeSuite } from '../contract/suites/store.ts';
import { Moto } from '../support/moto/moto.ts';

let moto: Moto;
let client: Awaited<ReturnType<typeof newS3Client>>;
beforeAll(async () => {
  moto = await Moto.start();
  Object.assign(process.env, moto.env);
  client = await newS3Client({ accessKeyId: null, secretAccessKey: null, sessionToken: null, region: null });
});
afterAll(async () => {
  client?.destroy();
  await moto?.stop();
});

let buckets = 0;
async function newBucket(): Promise<string> {
  const bucket = `bucket.${++buckets}`;
  await moto.bucket(bucket);
  return bucket;
}

storeSuite('a bucket', async () => new S3Store({ client, bucket: await newBucket(), prefix: '' }));
storeSuite('a prefix in a bucket', async () => {
  const bucket = await newBucket();
  await moto.put(bucket, 'a/b', 'of somebody else');
  await moto.put(bucket, 'some/prefix', 'of somebody else');
  await moto.put(bucket, 'some/prefix2/c', 'of somebody else');
  return new S3Store({ client, bucket, prefix: 'some/prefix/' });
});

describe('S3Store', () => {
  const open = async (prefix = '') => {
    const bucket = await newBucket();
    return { bucket, store: new S3Store({ client, bucket, prefix }) };
  };

  test('its location is as a person would write it', () => {
    expect(new S3Store({ client, bucket: 'b', prefix: '' }).location).toBe('s3://b');
    expect(new S3Store({ client, bucket: 'b', prefix: 'c/d/' }).location).toBe('s3://b/c/d');
  });

  test('lists more than a page, without the markers of folders', async () => {
    const { bucket, store } = await open('p/');
    await moto.put(bucket, 'p/', '');
    await moto.put(bucket, 'p/0/', '');
    const keys = Array.from({ length: 1050 }, (_, n) => `${String(n).padStart(4, '0')}.csv`);
    for (let from = 0; from < keys.length; from += 50)
      await Promise.all(keys.slice(from, from + 50).map((key) => moto.put(bucket, `p/${key}`, '')));
    expect(await keysOf(store)).toEqual(keys);
    expect(await keysOf(store, '', '1040.csv')).toEqual(keys.slice(1041));
  });

  test('takes keys that no XML and no path can hold', async () => {
    const { store } = await open();
    const keys = ['%2F+ &<>".csv', '../up.csv', '/abs.csv', 'a//b.csv', 'bell\u0007.csv', ' x '].sort();
    for (const key of keys) await store.write(key, key);
    expect(await keysOf(store)).toEqual(keys);
    for (const key of keys) expect((await readAll(store, key)).toString()).toBe(key);
  });

  test('writes what is large in parts, whole or not at all', async () => {
    const { bucket, store } = await open();
    const piece = 'x'.repeat(3 * 1024 * 1024);
    await store.write('large', inChunks(piece, piece, piece, 'end'));
    const back = await readAll(store, 'large');
    expect(back.length).toBe(3 * piece.length + 3);
    expect(back.subarray(-4).toString()).toBe('xend');
    expect((await readAll(store, 'large', { start: 3 * piece.length - 1 })).toString()).toBe('xend');

    const breaking = (async function* () {
      yield* inChunks(piece, piece, piece, piece);
      throw new Error('the source broke off');
    })();
    await expect(store.write('large', breaking)).rejects.toThrow('the source broke off');
    expect((await readAll(store, 'large')).length).toBe(back.length);
    expect(await moto.openUploads(bucket)).toBe(0);

    await expect(
      store.write('large', inChunks(piece, piece, piece, piece), { ifAbsent: true }),
    ).rejects.toThrow(AlreadyThere);
    expect((await readAll(store, 'large')).length).toBe(back.length);
    expect(await moto.openUploads(bucket)).toBe(0);
  });

  test('uploads several parts at once, in any order of their ends, in bounded memory', async () => {
    const { bucket, store } = await open();
    const mebibyte = 1024 * 1024;
    let given = 0;
    let sent = 0;
    let ahead = 0;
    const counting = Object.assign(Object.create(client), {
      send: async (command: unknown, ...rest: []) => {
        const part = command instanceof UploadPartCommand ? command.input : undefined;
        // The later a part, the earlier it ends.
        if (part) await wait(200 - 20 * (part.PartNumber ?? 0));
        const answer = await client.send(command as UploadPartCommand, ...rest);
        sent += part ? (part.Body as Buffer).length : 0;
        return answer;
      },
    });
    const source = (async function* () {
      for (let n = 0; n < 68; n++) {
        given += mebibyte;
        ahead = Math.max(ahead, given - sent);
        yield Buffer.alloc(mebibyte, n);
      }
    })();
    await new S3Store({ client: counting, bucket, prefix: '' }).write('large', source);
    const back = await readAll(store, 'large');
    expect(back.length).toBe(68 * mebibyte);
    for (let n = 0; n < 68; n++) expect(back[n * mebibyte]).toBe(n);
    expect(ahead).toBeGreaterThan(16 * mebibyte);
    expect(ahead).toBeLessThan(64 * mebibyte);
  });

  test('gives up an upload of which a part cannot be sent', async () => {
    const { bucket } = await open();
    const failing = Object.assign(Object.create(client), {
      send: (command: unknown, ...rest: []) =>
        command instanceof UploadPartCommand && command.input.PartNumber === 2
          ? Promise.reject(Object.assign(new Error('no'), { name: 'AccessDenied' }))
          : client.send(command as UploadPartCommand, ...rest),
    });
    const endless = (async function* () {
      for (;;) yield Buffer.alloc(1024 * 1024);
    })();
    const writing = new S3Store({ client: failing, bucket, prefix: '' }).write('large', endless);
    await expect(writing).rejects.toThrow(AccessDenied);
    expect(await moto.openUploads(bucket)).toBe(0);
  });

  test('names a bucket that is not there', async () => {
    const store = new S3Store({ client, bucket: 'no-such-bucket', prefix: '' });
    const failing = keysOf(store);
    await expect(failing).rejects.toThrow(NotFound);
    await expect(failing).rejects.toThrow('there is no bucket no-such-bucket');
    await expect(store.write('a', 'b')).rejects.toThrow(NotFound);
    expect(await exists(store, 'a')).toBe(false);
  });

  test('says which permission is missing', async () => {
    const { bucket, store } = await open('p/');
    await store.write('a.csv', '1');
    await moto.denyReading(bucket, '*');
    const reading = readAll(store, 'a.csv');
    await expect(reading).rejects.toThrow(AccessDenied);
    await expect(reading).rejects.toThrow(`not allowed: s3:GetObject on a.csv in s3://${bucket}/p`);
    await expect(reading).rejects.toMatchObject({
      hint: expect.stringContaining(
        `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::${bucket}/p/*"}`,
      ),
    });
  });
});
