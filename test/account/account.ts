/** What the suite does in the account itself: whose it is, a bucket with data, and a look at what is left. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { StackClient } from '../../adapters/aws/cloudformation/stack-client.ts';
import { emptyBucket } from '../../adapters/aws/s3/empty-bucket.ts';
import { newS3Client } from '../../adapters/aws/s3/index.ts';
import { type Account, openAccount, openInventory } from '../../cli/aws/account.ts';
import { takeInventory } from '../../cli/aws/inventory/take-inventory.ts';
import { systemClock } from '../../core/system-clock.ts';
import { Refused, type Settings } from './settings.ts';

/** @throws Refused when the credentials are of another account than was named, or the stack is there already */
export async function ownAccount({ account: named, name, region }: Settings): Promise<Account> {
  const account = await openAccount({ stack: name, ...(region !== null && { region }) });
  if (account.account !== named)
    throw new Refused(
      `the credentials are of account ${account.account} (${account.arn}), and GCD_TEST_ACCOUNT is ${named}: nothing was done`,
    );
  if (await stackThere(account)) throw new Refused(`there is a stack ${name} already: nothing was done`);
  return account;
}

export async function stackThere({ access, stack }: Account): Promise<boolean> {
  const look = new StackClient(access, stack);
  return (await look.find().finally(() => look.close())) !== undefined;
}

const bucketOf = ({ stack }: Account) => `${stack}-data`;

/** Makes a bucket with the files of a folder. @returns its name */
export async function makeData(account: Account, folder: string): Promise<string> {
  const client = await newS3Client(account.access);
  const Bucket = bucketOf(account);
  const { region } = account;
  const place = region === 'us-east-1' ? {} : { LocationConstraint: region as 'us-west-2' };
  try {
    await client.send(
      new CreateBucketCommand({
        Bucket,
        ...(region !== 'us-east-1' && { CreateBucketConfiguration: place }),
      }),
    );
    for (const Key of readdirSync(folder))
      await client.send(new PutObjectCommand({ Bucket, Key, Body: readFileSync(join(folder, Key)) }));
    return Bucket;
  } finally {
    client.destroy();
  }
}

/** One that is not there is no error. */
export async function removeData(account: Account): Promise<void> {
  const client = await newS3Client(account.access);
  const Bucket = bucketOf(account);
  try {
    await emptyBucket(client, Bucket);
    await client.send(new DeleteBucketCommand({ Bucket }));
  } catch (error) {
    if (!(error instanceof S3ServiceException && error.name === 'NoSuchBucket')) throw error;
  } finally {
    client.destroy();
  }
}

/** Everything with the tags of the suite's stack, the stack, and the bucket: asked for one by one. */
export async function whatIsLeft(account: Account): Promise<string[]> {
  const inventory = await openInventory(account, undefined);
  const found = await takeInventory({ inventory, clock: systemClock })({ cluster: null });
  const left = found.map(({ kind, name }) => `${kind} ${name}`);
  if (await stackThere(account)) left.push(`stack ${account.stack}`);
  const client = await newS3Client(account.access);
  const isThere = await client
    .send(new HeadBucketCommand({ Bucket: bucketOf(account) }))
    .then(
      () => true,
      (error) => error.$metadata?.httpStatusCode !== 404,
    )
    .finally(() => client.destroy());
  return isThere ? [...left, `bucket ${bucketOf(account)}`] : left;
}
