/** examples/sleep, with its data in the imitated account. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../support/cli/project.ts';
import type { Account } from './account.ts';

export const sleep: string = join(packageRoot, 'examples/sleep');
const defaultBucket = 'sleep-data';

/** A copy as it is, without what runs have left in it. */
export function copyOfSleep(to: string): string {
  cpSync(sleep, to, { recursive: true, filter: (path) => !/\/(\.gcd|results)$/.test(path) });
  return to;
}

/** A copy whose data is in S3. @param change of the files that are named */
export function sleepOnAws(to: string, change: Record<string, (text: string) => string> = {}): string {
  copyOfSleep(to);
  const all = { 'config.yaml': (text: string) => text, ...change };
  for (const [file, edit] of Object.entries(all)) {
    const path = join(to, file);
    const text = readFileSync(path, 'utf8').replace('data_bucket: ./data', `data_bucket: ${defaultBucket}`);
    writeFileSync(path, edit(text));
  }
  return to;
}

/** Makes a bucket with its data. @param key ARN of a key of KMS with which it is encrypted */
export async function bringSleepData(account: Account, bucket = defaultBucket, key?: string): Promise<void> {
  const data = readdirSync(join(sleep, 'data')).map((name) => [
    name,
    readFileSync(join(sleep, 'data', name)),
  ]);
  await account.bucket(bucket, {});
  if (key !== undefined) await account.encrypt(bucket, key);
  await account.put(bucket, Object.fromEntries(data));
}
