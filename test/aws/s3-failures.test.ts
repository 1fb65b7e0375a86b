/** What S3 and the network may answer, and what becomes of it. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { newS3Client, S3Store } from '../../adapters/aws/s3/index.ts';
import { AccessDenied, type GcdError, NotFound, Throttled, Unreachable } from '../../core/errors/errors.ts';
import { readAll } from '../../core/store.ts';
import { keysOf } from '../contract/suites/store.ts';
import { type OddS3, oddS3, s3Error } from '../support/aws/scripted-s3.ts';

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'verysecret', sessionToken: null };
// Each try waits longer.
process.env.AWS_MAX_ATTEMPTS = '3';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  delete process.env.AWS_ENDPOINT_URL;
});

async function storeOn(endpoint: string): Promise<S3Store> {
  process.env.AWS_ENDPOINT_URL = endpoint;
  const client = await newS3Client({ ...keys, region: 'us-west-2' });
  cleanUps.push(() => client.destroy());
  return new S3Store({ client, bucket: 'b', prefix: '' });
}

async function answering(...args: Parameters<typeof oddS3>): Promise<{ store: S3Store; server: OddS3 }> {
  const server = await oddS3(...args);
  cleanUps.push(server.stop);
  return { server, store: await storeOn(server.endpoint) };
}

const failureOf = (promise: Promise<unknown>): Promise<GcdError> =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error) => error,
  );

describe('errors of S3', () => {
  test.each<[number, string, new (message: string) => GcdError, string, string]>([
    [403, 'AccessDenied', AccessDenied, 'not allowed: s3:ListBucket on s3://b', '"arn:aws:s3:::b"'],
    [403, 'InvalidAccessKeyId', Unreachable, 'credentials', 'aws sso login'],
    [403, 'SignatureDoesNotMatch', Unreachable, 'credentials', '.env'],
    [400, 'ExpiredToken', Unreachable, 'credentials', 'AWS_SESSION_TOKEN'],
    [403, 'RequestTimeTooSkewed', Unreachable, 'clock', 'clock'],
    [503, 'SlowDown', Throttled, 'fewer requests', 'later'],
    [500, 'InternalError', Unreachable, 's3://b cannot be reached', 'Try again'],
    [404, 'NoSuchBucket', NotFound, 'there is no bucket b', 'data_bucket'],
  ])('%i %s', async (status, code, kind, says, hint) => {
    const { store } = await answering((_, response) => s3Error(response, status, code));
    const failure = await failureOf(keysOf(store));
    expect(failure).toBeInstanceOf(kind);
    expect(failure.name).toBe(kind.name);
    expect(failure.message).toContain(says);
    expect(failure.hint).toContain(hint);
    expect(`${failure.message}${failure.hint}`).not.toContain(keys.secretAccessKey);
  });

  test('an archived object is told as one', async () => {
    const { store } = await answering((_, response) => s3Error(response, 403, 'InvalidObjectState'));
    expect((await failureOf(readAll(store, 'a'))).message).toContain('a in s3://b is archived');
  });

  test('nobody listens', async () => {
    const { server, store } = await answering(() => {});
    await server.stop();
    const failure = await failureOf(keysOf(store));
    expect(failure).toBeInstanceOf(Unreachable);
    expect(failure.message).toContain('ECONNREFUSED');
    expect(failure.hint).toContain('network');
  });

  test('what passes is tried again', async () => {
    const { server, store } = await answering((number, response) => {
      if (number < 2) s3Error(response, 503, 'SlowDown');
      else response.end('ten bytes!');
    });
    expect((await readAll(store, 'a')).toString()).toBe('ten bytes!');
    expect(server.requests).toHaveLength(3);
  });

  test('without any credentials it says how to give them', async () => {
    const names = ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'];
    for (const name of names) process.env[name] = '/dev/null';
    process.env.AWS_EC2_METADATA_DISABLED = 'true';
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
    const none = { accessKeyId: null, secretAccessKey: null, sessionToken: null, region: null };
    const client = await newS3Client(none);
    cleanUps.push(() => client.destroy());
    const failure = await failureOf(keysOf(new S3Store({ client, bucket: 'b', prefix: '' })));
    expect(failure).toBeInstanceOf(Unreachable);
    expect(failure.hint).toContain('AWS_ACCESS_KEY_ID');
  });
});

describe('a bucket in another region', () => {
  test('is read there', async () => {
    const { server, store } = await answering((_, response, request) => {
      if (request.headers.authorization?.includes('/eu-central-1/s3/')) response.end('there');
      else {
        response.setHeader('x-amz-bucket-region', 'eu-central-1');
        s3Error(response, 301, 'PermanentRedirect');
      }
    });
    expect((await readAll(store, 'a')).toString()).toBe('there');
    expect(server.requests.at(-1)).toBe('GET /b/a');
  });
});

describe('a read that breaks off', () => {
  const whole = Buffer.alloc(100_000, 'abcdefghij');
  /** Answers with what was asked for, but never with more than `most` bytes of it. */
  const giving = (most: number, etag: (number: number) => string) =>
    answering((number, response, request) => {
      const [, start = '0'] = /bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
      const ifMatch = request.headers['if-match'];
      if (ifMatch !== undefined && ifMatch !== etag(number))
        return s3Error(response, 412, 'PreconditionFailed');
      const rest = whole.subarray(Number(start));
      response.writeHead(start === '0' ? 200 : 206, { 'content-length': rest.length, etag: etag(number) });
      if (rest.length <= most) response.end(rest);
      else response.write(rest.subarray(0, most), () => setTimeout(() => response.destroy(), 20));
    });

  test('goes on where it was', async () => {
    const { server, store } = await giving(40_000, () => '"1"');
    expect((await readAll(store, 'a')).equals(whole)).toBe(true);
    expect(server.requests).toEqual(['GET /b/a', 'GET /b/a bytes=40000- "1"', 'GET /b/a bytes=80000- "1"']);
  });

  test('not in another object of the same name', async () => {
    const { store } = await giving(40_000, (number) => `"${number}"`);
    const failure = await failureOf(readAll(store, 'a'));
    expect(failure).toBeInstanceOf(Unreachable);
    expect(failure.message).toContain('was replaced while it was read');
  });

  test('not for ever', async () => {
    const { server, store } = await giving(1000, () => '"1"');
    const failure = await failureOf(readAll(store, 'a'));
    expect(failure).toBeInstanceOf(Unreachable);
    expect(server.requests.length).toBe(6);
  });

  test('not once the store is closed', async () => {
    const { server, store } = await giving(1000, () => '"1"');
    const reading = (async () => {
      for await (const _ of store.read('a')) store.close();
    })();
    expect(await failureOf(reading)).toBeInstanceOf(Unreachable);
    expect(server.requests.length).toBe(1);
  });
});
