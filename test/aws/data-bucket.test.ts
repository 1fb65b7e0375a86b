/** Buckets with data that are somebody else's, or somewhere else: S3 answers as its documentation says. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PutBucketEncryptionCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { OpenBucket } from '../../adapters/aws/s3/index.ts';
import type { DataAccess } from '../../core/config/config.ts';
import { AccessDenied, NotFound, Unreachable } from '../../core/errors/errors.ts';
import { readAll } from '../../core/store.ts';
import { keysOf } from '../contract/suites/store.ts';
import { type OddS3, oddS3, s3Error } from '../support/aws/scripted-s3.ts';
import { judge, newUser } from '../support/moto/iam-users.ts';
import { Moto } from '../support/moto/moto.ts';

const testing = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
};
const listing =
  '<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>p/a.csv</Key><Size>1</Size></Contents></ListBucketResult>';

let s3: OddS3 | undefined;
const before = { ...process.env };
beforeEach(() => {
  Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: 'true', AWS_MAX_ATTEMPTS: '1' });
  Object.assign(process.env, { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' });
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) delete process.env[name];
});
afterEach(async () => {
  process.env = { ...before };
  await s3?.stop();
});

/** A bucket in eu-west-1. @param refuses whether a request is refused, or what it is answered instead */
async function bucket(
  refuses: (request: IncomingMessage, response: ServerResponse) => boolean,
  { keys = true, ...how }: Partial<DataAccess> & { keys?: boolean } = {},
) {
  s3 = await oddS3((_, response, request) => {
    if (refuses(request, response)) return;
    const isListing = request.url?.includes('list-type=2');
    const body = request.method === 'HEAD' ? '' : isListing ? listing : '1';
    if (request.method === 'HEAD')
      response.setHeader('x-amz-bucket-region', signedFor(request) ?? 'eu-west-1');
    const type = isListing ? 'application/xml' : 'text/csv';
    response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
  process.env.AWS_ENDPOINT_URL_S3 = s3.endpoint;
  const some = keys ? 'key' : null;
  const access = { accessKeyId: some, secretAccessKey: some, sessionToken: null, region: 'us-west-2' };
  const opened = new OpenBucket(access, 'data', { requesterPays: false, unsigned: false, ...how });
  return { opened, store: opened.store('p/'), requests: s3.requests };
}

const signedFor = ({ headers }: IncomingMessage) => headers.authorization?.split('/')[2];

/** As S3 sends elsewhere: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html */
const elsewhere = (request: IncomingMessage, response: ServerResponse) => {
  if (signedFor(request) === 'eu-west-1') return false;
  response.setHeader('x-amz-bucket-region', 'eu-west-1');
  s3Error(response, 301, 'PermanentRedirect');
  return true;
};

describe('a bucket with data', () => {
  test('in another region is found there, and asked there from then on', async () => {
    const { store, requests } = await bucket(elsewhere);
    expect(await keysOf(store)).toEqual(['a.csv']);
    for (let time = 0; time < 3; time++) expect((await readAll(store, 'a.csv')).toString()).toBe('1');
    // One that asks where it is, sent on once; a listing; three reads.
    expect(requests).toHaveLength(2 + 1 + 3);
  });

  test('in another region is found also by who may not list it', async () => {
    const { store } = await bucket((request, response) => {
      if (request.method !== 'HEAD') return elsewhere(request, response);
      response.writeHead(403, { 'x-amz-bucket-region': 'eu-west-1' });
      response.end();
      return true;
    });
    expect((await readAll(store, 'a.csv')).toString()).toBe('1');
  });

  test('whose readers pay is told who pays, at each request', async () => {
    const stingy = (request: IncomingMessage, response: ServerResponse) => {
      if (request.method === 'HEAD' || request.headers['x-amz-request-payer'] === 'requester') return false;
      s3Error(response, 403, 'AccessDenied', 'Access Denied');
      return true;
    };
    const { store } = await bucket(stingy, { requesterPays: true });
    expect(await keysOf(store)).toEqual(['a.csv']);
    expect((await readAll(store, 'a.csv')).toString()).toBe('1');
    await s3?.stop();
    const { store: without } = await bucket(stingy);
    await expect(readAll(without, 'a.csv')).rejects.toMatchObject({
      hint: expect.stringContaining('data_requester_pays: true'),
    });
  });

  test('that is public is read without credentials, also where there are none and where there are', async () => {
    const strange = (request: IncomingMessage, response: ServerResponse) => {
      if (request.headers.authorization === undefined) return false;
      s3Error(response, 403, 'AccessDenied', 'Access Denied');
      return true;
    };
    for (const keys of [true, false]) {
      const { store, opened } = await bucket(strange, { unsigned: true, keys });
      expect(await keysOf(store)).toEqual(['a.csv']);
      expect((await readAll(store, 'a.csv')).toString()).toBe('1');
      opened.close();
      await s3?.stop();
    }
    const { store } = await bucket(strange);
    await expect(keysOf(store)).rejects.toMatchObject({
      message: expect.stringContaining('s3:ListBucket on s3://data/p'),
      hint: expect.stringMatching(/another account's.*\n.*\n.*data_unsigned: true/),
    });
  });

  test('that is public is read by whoever has no credentials', async () => {
    const { store, requests } = await bucket(() => false, { keys: false });
    expect(await keysOf(store)).toEqual(['a.csv']);
    expect(requests.length).toBeGreaterThan(0);
  });

  test('without credentials says so at the first request, and looks for them again at the next', async () => {
    const { store } = await bucket(
      (request, response) => {
        if (request.headers.authorization !== undefined) return false;
        s3Error(response, 403, 'AccessDenied', 'Access Denied');
        return true;
      },
      { keys: false },
    );
    await expect(keysOf(store)).rejects.toThrow(Unreachable);
    await expect(keysOf(store)).rejects.toThrow('or there are none');
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'key' });
    expect(await keysOf(store)).toEqual(['a.csv']);
  });

  test('with a key of the customer: the permission that is missing is that on the key', async () => {
    const key = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const said =
      'User: arn:aws:sts::111122223333:assumed-role/r/s is not authorized to perform: kms:Decrypt on resource: ' +
      `${key} because no identity-based policy allows the kms:Decrypt action`;
    const { store } = await bucket(({ method }, response) => {
      if (method === 'HEAD') return false;
      s3Error(response, 403, 'AccessDenied', said);
      return true;
    });
    const reading = readAll(store, 'a.csv');
    await expect(reading).rejects.toThrow(AccessDenied);
    await expect(reading).rejects.toMatchObject({
      hint: expect.stringContaining(`{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "${key}"}`),
    });
  });

  test.each([
    [404, 'NoSuchBucket', NotFound, 'there is no bucket data'],
    [403, 'InvalidObjectState', AccessDenied, 'a.csv in s3://data/p is archived'],
  ])('%i %s is told as it is', async (status, code, kind, message) => {
    const { store } = await bucket(({ method }, response) => {
      if (method === 'HEAD') return false;
      s3Error(response, status, code);
      return true;
    });
    const reading = readAll(store, 'a.csv');
    await expect(reading).rejects.toThrow(kind);
    await expect(reading).rejects.toThrow(message);
  });
});

describe('an account that judges', () => {
  const key = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const may = (Action: string | string[], Resource: string, Condition?: object) => ({
    ...{ Effect: 'Allow', Action, Resource },
    ...(Condition && { Condition }),
  });
  let moto: Moto;
  beforeEach(async () => {
    moto = await Moto.start();
    await moto.bucket('data');
    const client = new S3Client({ endpoint: moto.endpoint, forcePathStyle: true, ...testing });
    const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } as const;
    await client.send(
      new PutBucketEncryptionCommand({
        Bucket: 'data',
        ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault }] },
      }),
    );
    await client.send(new PutObjectCommand({ Bucket: 'data', Key: 'a.csv', Body: '1' }));
    process.env.AWS_ENDPOINT_URL_S3 = moto.endpoint;
  });
  afterEach(() => moto.stop());

  /** The bucket as somebody sees it who may do this. */
  async function seenBy(name: string, ...statements: object[]) {
    const user = await newUser(moto, name, statements);
    await judge(moto, true);
    const access = { accessKeyId: user.AWS_ACCESS_KEY_ID, secretAccessKey: user.AWS_SECRET_ACCESS_KEY };
    return new OpenBucket({ ...access, sessionToken: null, region: 'us-east-1' }, 'data').store('');
  }
  const all = may('s3:*', 'arn:aws:s3:::data*');

  test("lets those read a customer's key who may use it, and tells the others what they lack", async () => {
    const without = await seenBy('without', all);
    const reading = readAll(without, 'a.csv');
    await expect(reading).rejects.toThrow(AccessDenied);
    await expect(reading).rejects.toMatchObject({
      hint: expect.stringContaining(`{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "${key}"}`),
    });
    const writing = without.write('b.csv', '2');
    await expect(writing).rejects.toMatchObject({ hint: expect.stringContaining('"kms:GenerateDataKey"') });
    await judge(moto, false);
    const via = { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } };
    const with_ = await seenBy('with', all, may('kms:Decrypt', 'arn:aws:kms:*:*:key/*', via));
    expect((await readAll(with_, 'a.csv')).toString()).toBe('1');
    await judge(moto, false);
    const elsewhere = { StringLike: { 'kms:ViaService': 'dynamodb.*.amazonaws.com' } };
    const other = await seenBy('other', all, may('kms:Decrypt', '*', elsewhere));
    await expect(readAll(other, 'a.csv')).rejects.toThrow(AccessDenied);
  });

  test('tells only those that an object is not there who may list its prefix', async () => {
    const reads = may('s3:GetObject', 'arn:aws:s3:::data/*');
    const lists = may('s3:ListBucket', 'arn:aws:s3:::data', { StringLike: { 's3:prefix': ['runs/*'] } });
    const store = await seenBy('bounded', reads, lists);
    await expect(readAll(store, 'runs/x/control.json')).rejects.toThrow(NotFound);
    await expect(readAll(store, 'gone.csv')).rejects.toThrow(AccessDenied);
  });
});
